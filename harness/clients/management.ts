import { isSuccess, type HttpAnswer, type HttpJournal, type HttpRequest, type Unanswered } from './http.ts';
import type { TokenSource } from './oauth.ts';

/** A call to the API. It has only the headers and the body given here. */
export interface ManagementCall {
  readonly method: string;
  /** Default: the account of the suite. */
  readonly accountId?: string;
  /** Absent: the account's collection of applications. */
  readonly applicationId?: string;
  /** The query, with its question mark. */
  readonly query?: string;
  readonly withoutToken?: boolean;
  readonly contentType?: string;
  /** Header fields beside Authorization and Content-Type. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const JSON_TYPE = 'application/json';

/** The management API of one account: `{base}/v2/accounts/{accountId}/voice-applications`. */
export class ManagementClient {
  readonly #journal: HttpJournal;
  readonly #tokens: TokenSource;
  readonly #accounts: string;
  readonly #accountId: string;

  constructor(journal: HttpJournal, tokens: TokenSource, baseUrl: string, accountId: string) {
    this.#journal = journal;
    this.#tokens = tokens;
    this.#accounts = `${baseUrl.replace(/\/$/, '')}/v2/accounts`;
    this.#accountId = accountId;
  }

  /** POST: a new application with these settings. */
  create(settings: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
    return this.send({ method: 'POST', contentType: JSON_TYPE, body: JSON.stringify(settings) });
  }

  /** One page of the account's applications; `query` is that of the link to it, such as `?page=2`. */
  list(query = ''): Promise<HttpAnswer> {
    return this.send({ method: 'GET', query });
  }

  get(applicationId: string): Promise<HttpAnswer> {
    return this.send({ method: 'GET', applicationId });
  }

  patch(
    applicationId: string,
    changes: Readonly<Record<string, unknown>>,
    contentType = JSON_TYPE,
  ): Promise<HttpAnswer> {
    return this.send({ method: 'PATCH', applicationId, contentType, body: JSON.stringify(changes) });
  }

  delete(applicationId: string): Promise<HttpAnswer> {
    return this.send({ method: 'DELETE', applicationId });
  }

  /** GET with the Authorization header as given, or without one. */
  getWith(applicationId: string, authorization: string | undefined): Promise<HttpAnswer> {
    const headers = authorization === undefined ? {} : { authorization };
    return this.#journal.send({ method: 'GET', url: this.#urlOf({ applicationId }), headers });
  }

  /**
   * Sends any call, valid or not. Where a 401 may only say that the token has ended, it proves nothing: the call is sent
   * once more with a new token.
   */
  async send(call: ManagementCall): Promise<HttpAnswer> {
    const { answer, again } = await this.#first(call, (request) => this.#journal.send(request));
    return again ? this.#journal.send(again) : answer;
  }

  /** Sends any call where silence would be the target's mistake; like `send` otherwise. */
  async attempt(call: ManagementCall): Promise<HttpAnswer | Unanswered> {
    const { answer, again } = await this.#first(call, (request) => this.#journal.attempt(request));
    return again ? this.#journal.attempt(again) : answer;
  }

  /** What came of the call, and the request to be sent in its place where it does not count. */
  async #first<A extends HttpAnswer | Unanswered>(
    call: ManagementCall,
    send: (request: HttpRequest) => Promise<A>,
  ): Promise<{ readonly answer: A; readonly again?: HttpRequest }> {
    if (call.withoutToken === true) return { answer: await send(this.#requestOf(undefined, call)) };
    const token = await this.#tokens.token();
    const answer = await send(this.#requestOf(token, call));
    if (!('status' in answer)) return { answer };
    if (isSuccess(answer.status)) this.#tokens.noteSuccess(token);
    const other = answer.status === 401 ? await this.#tokens.renewed(token) : undefined;
    return other === undefined ? { answer } : { answer, again: this.#requestOf(other, call) };
  }

  #requestOf(token: string | undefined, call: ManagementCall): HttpRequest {
    const { method, contentType, headers, body } = call;
    return {
      method,
      url: this.#urlOf(call),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    };
  }

  #urlOf({
    accountId = this.#accountId,
    applicationId,
    query = '',
  }: Pick<ManagementCall, 'accountId' | 'applicationId' | 'query'>): string {
    const collection = `${this.#accounts}/${accountId}/voice-applications`;
    const url =
      applicationId === undefined ? collection : `${collection}/${encodeURIComponent(applicationId)}`;
    return url + query;
  }
}
