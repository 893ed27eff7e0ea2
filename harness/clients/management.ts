import type { HttpAnswer, HttpJournal } from './http.ts';
import type { TokenSource } from './oauth.ts';

/** The management API of one account: `{base}/v2/accounts/{accountId}/voice-applications`. */
export class ManagementClient {
  private readonly journal: HttpJournal;
  private readonly tokens: TokenSource;
  private readonly collection: string;

  constructor(journal: HttpJournal, tokens: TokenSource, baseUrl: string, accountId: string) {
    this.journal = journal;
    this.tokens = tokens;
    this.collection = `${baseUrl.replace(/\/$/, '')}/v2/accounts/${accountId}/voice-applications`;
  }

  /** POST: a new application with the settings it must have. */
  create(settings: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
    return this.send('POST', this.collection, settings);
  }

  get(applicationId: string): Promise<HttpAnswer> {
    return this.send('GET', this.urlOf(applicationId));
  }

  patch(applicationId: string, changes: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
    return this.send('PATCH', this.urlOf(applicationId), changes);
  }

  /** GET with the Authorization header as given, or without one. */
  getWith(applicationId: string, authorization: string | undefined): Promise<HttpAnswer> {
    const headers = authorization === undefined ? {} : { authorization };
    return this.journal.send({ method: 'GET', url: this.urlOf(applicationId), headers });
  }

  private urlOf(applicationId: string): string {
    return `${this.collection}/${encodeURIComponent(applicationId)}`;
  }

  private async send(method: string, url: string, body?: unknown): Promise<HttpAnswer> {
    const authorization = `Bearer ${await this.tokens.token()}`;
    if (body === undefined) return this.journal.send({ method, url, headers: { authorization } });
    const headers = { authorization, 'content-type': 'application/json' };
    return this.journal.send({ method, url, headers, body: JSON.stringify(body) });
  }
}
