import { z } from 'zod';

import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import { exchangeInWords } from './answer_content.ts';
import { HttpJournal, isSuccess, type HttpAnswer } from './http.ts';

/** All that is needed of an answer with a token to use the token. */
const usable = z.object({
  access_token: z.string().min(1),
  // What is no number of seconds tells no lifetime.
  expires_in: z.number().positive().optional().catch(undefined),
});

/** A token that was given. */
export interface IssuedToken {
  readonly token: string;
  /** Undefined where the answer does not tell: RFC 6749 section 5.1 only recommends `expires_in`. */
  readonly lifetimeMs: number | undefined;
}

/** The token that a success holds, whatever else the answer is like. Undefined where it holds none. */
export function tokenIn({ status, json }: Pick<HttpAnswer, 'status' | 'json'>): IssuedToken | undefined {
  const parsed = usable.safeParse(json);
  if (!isSuccess(status) || !parsed.success) return undefined;
  const { access_token: token, expires_in: seconds } = parsed.data;
  return { token, lifetimeMs: seconds === undefined ? undefined : seconds * 1000 };
}

/** An OAuth client's id and secret (RFC 6749 section 2.3.1). */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

const FRESH_MS = 2_000;
/** Lifetimes are whole seconds: the target may end a token this much earlier than it seems here. */
const ROUNDING_MS = 1_000;

const GRANT = 'grant_type=client_credentials';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A request for a token in a form of its own. */
export interface TokenRequest {
  readonly authorization?: string | undefined;
  /** The body, form-encoded unless the content type says otherwise; by default it asks for client credentials. */
  readonly form?: string | undefined;
  readonly contentType?: string;
  /** Which of this machine's addresses asks. */
  readonly from?: string | undefined;
}

/**
 * Asks for a token with the client's id and secret (RFC 6749 section 4.4.2), or without credentials where no client
 * is given. `form` is the body, form-encoded.
 */
export function requestToken(
  journal: HttpJournal,
  tokenUrl: string,
  client: ClientCredentials | undefined,
  form?: string,
): Promise<HttpAnswer> {
  const authorization = client && basicCredentials(client);
  return sendTokenRequest(journal, tokenUrl, { authorization, form });
}

/** Asks for a token in any form. */
export function sendTokenRequest(
  journal: HttpJournal,
  tokenUrl: string,
  { authorization, form = GRANT, contentType = FORM_TYPE, from }: TokenRequest,
): Promise<HttpAnswer> {
  return journal.send({
    method: 'POST',
    url: tokenUrl,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      'content-type': contentType,
    },
    body: form,
    ...(from === undefined ? {} : { from }),
  });
}

/** HTTP Basic with id and secret form-encoded, as RFC 6749 section 2.3.1 says; most characters stay as they are. */
export function basicCredentials({ id, secret }: ClientCredentials): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** A token in use. */
interface CurrentToken {
  readonly token: string;
  /** When it ends; Infinity where nobody tells. */
  readonly until: number;
  readonly hasKnownEnd: boolean;
  /** Whether a request with it has succeeded. */
  hasWorked: boolean;
}

/**
 * Gives a token that is valid for two more seconds at least, as far as the target tells, and gets a new one when the
 * last is about to expire.
 */
export class TokenSource {
  readonly #tokenUrl: string;
  readonly #client: ClientCredentials;
  #current: CurrentToken | undefined;

  constructor(tokenUrl: string, client: ClientCredentials) {
    this.#tokenUrl = tokenUrl;
    this.#client = client;
  }

  /**
   * A token that is valid as far as is known. Throws a BrokenPrecondition where a success holds none, and a HarnessError
   * where the target refuses.
   */
  async token(): Promise<string> {
    const current = this.#current;
    if (current !== undefined && current.until - performance.now() > FRESH_MS) return current.token;
    return this.#buy();
  }

  /** Notes that a request with the token has succeeded. */
  noteSuccess(token: string): void {
    if (this.#current?.token === token) this.#current.hasWorked = true;
  }

  /**
   * Another token in place of one that was refused, where the refusal may only say that it has ended: its lifetime is
   * over or not known, or it has worked before. Undefined where the refusal stands.
   */
  async renewed(refused: string): Promise<string | undefined> {
    const current = this.#current;
    if (current === undefined || current.token !== refused) return this.token();
    const mayHaveEnded =
      current.hasWorked || !current.hasKnownEnd || current.until - performance.now() <= ROUNDING_MS;
    return mayHaveEnded ? this.#buy() : undefined;
  }

  async #buy(): Promise<string> {
    const asked = performance.now();
    const answer = await requestToken(new HttpJournal(), this.#tokenUrl, this.#client);
    const issued = tokenIn(answer);
    if (!issued) throw tokenless(answer);
    const { token, lifetimeMs } = issued;
    const until = asked + (lifetimeMs ?? Infinity);
    this.#current = { token, until, hasKnownEnd: lifetimeMs !== undefined, hasWorked: false };
    return token;
  }
}

/**
 * What an answer without a token is: a success breaks the rule about it, while a refusal may be due to the credentials
 * that the harness was given.
 */
function tokenless(answer: HttpAnswer): BrokenPrecondition | HarnessError {
  const { status, request } = answer;
  if (isSuccess(status)) {
    return new BrokenPrecondition(
      'oauth.token.client-credentials',
      `${exchangeInWords(answer)}: there is no access_token in it (RFC 6749 section 5.1). Is it the token endpoint? See ` +
        "api.tokenUrl in the target's descriptor",
    );
  }
  const mend =
    status >= 500
      ? 'The token endpoint is in trouble: see what the target itself says.'
      : "Check the variables that the target's descriptor names under account.";
  return new HarnessError(
    `${request.url} gave no access token: ${status} to the client credentials. ${mend}`,
  );
}
