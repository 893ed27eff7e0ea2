import { z } from 'zod';

import { HarnessError } from '../verdict.ts';
import { HttpJournal, type HttpAnswer } from './http.ts';

/** RFC 6749 section 5.1, and the lifetime that the documents promise. */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
});

/** An OAuth client's id and secret (RFC 6749 section 2.3.1). */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

const FRESH_MS = 2_000;
/** Lifetimes are whole seconds: the target may end a token this much earlier than it seems here. */
const ROUNDING_MS = 1_000;

const GRANT = 'grant_type=client_credentials';

/**
 * Asks for a token with the client's id and secret (RFC 6749 section 4.4.2), or without credentials where no client
 * is given. `form` is the body, form-encoded.
 */
export function requestToken(
  journal: HttpJournal,
  tokenUrl: string,
  client: ClientCredentials | undefined,
  form = GRANT,
): Promise<HttpAnswer> {
  return journal.send({
    method: 'POST',
    url: tokenUrl,
    headers: {
      ...(client === undefined ? {} : { authorization: basicCredentials(client) }),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form,
  });
}

/** HTTP Basic with id and secret form-encoded, as RFC 6749 section 2.3.1 says; most characters stay as they are. */
function basicCredentials({ id, secret }: ClientCredentials): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Gives a token that is valid for two more seconds at least, and gets a new one when the last is about to expire. */
export class TokenSource {
  readonly #tokenUrl: string;
  readonly #client: ClientCredentials;
  #current: { readonly token: string; readonly until: number } | undefined;

  constructor(tokenUrl: string, client: ClientCredentials) {
    this.#tokenUrl = tokenUrl;
    this.#client = client;
  }

  /** Whether the token may have expired by now, so that its refusal proves nothing. */
  mayHaveEnded(token: string): boolean {
    const current = this.#current;
    return current?.token !== token || current.until - performance.now() <= ROUNDING_MS;
  }

  /** A valid token. Throws a HarnessError where the target gives none: nothing of its API can be judged then. */
  async token(): Promise<string> {
    const now = performance.now();
    if (this.#current !== undefined && this.#current.until - now > FRESH_MS) return this.#current.token;
    const answer = await requestToken(new HttpJournal(), this.#tokenUrl, this.#client);
    const parsed = tokenAnswer.safeParse(answer.json);
    if (answer.status !== 200) {
      const mend =
        answer.status >= 500
          ? 'The token endpoint is in trouble: see what the target itself says.'
          : "Check the variables that the target's descriptor names under account.";
      throw new HarnessError(
        `${this.#tokenUrl} gave no access token: ${answer.status} to the client credentials. ${mend}`,
      );
    }
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const problem =
        answer.json === undefined ? 'no JSON' : `${issue?.path.join('.') || 'the body'}: ${issue?.message}`;
      throw new HarnessError(
        `${this.#tokenUrl} answered 200, but not as RFC 6749 section 5.1 says (${problem}). ` +
          "Is it the token endpoint? See api.tokenUrl in the target's descriptor.",
      );
    }
    this.#current = { token: parsed.data.access_token, until: now + parsed.data.expires_in * 1000 };
    return this.#current.token;
  }
}
