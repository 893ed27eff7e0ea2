import { exchangeInWords } from '../../harness/clients/answer_content.ts';
import type { HttpAnswer } from '../../harness/clients/http.ts';
import {
  requestToken,
  sendTokenRequest,
  tokenIn,
  type ClientCredentials,
  type IssuedToken,
  type TokenRequest,
} from '../../harness/clients/oauth.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

/** The token that was given last. */
const last = new WeakMap<ConformanceWorld, IssuedToken>();

/** What the token endpoint answers to these credentials, or to none. */
export function askedToken(
  world: ConformanceWorld,
  client: ClientCredentials | undefined,
  form?: string,
): Promise<HttpAnswer> {
  return requestToken(world.journal, world.parameters.place.api.tokenUrl, client, form);
}

/** A request with credentials that are wrong comes from an address of its own: a target may limit them by source. */
export function guessed(world: ConformanceWorld, request: TokenRequest): Promise<HttpAnswer> {
  const { bench, journal, parameters, randomness } = world;
  const from = bench.anonymousAddress(randomness);
  return sendTokenRequest(journal, parameters.place.api.tokenUrl, { ...request, from });
}

/** A client of another id, with our secret. */
export function wrongId(world: ConformanceWorld): ClientCredentials {
  return { ...world.bench.client, id: `unknown-${world.randomness.hex(16)}` };
}

/** Our client with another secret. */
export function wrongSecret(world: ConformanceWorld): ClientCredentials {
  return { ...world.bench.client, secret: `wrong-${world.randomness.hex(16)}` };
}

/** RFC 6585 section 4: too many requests. */
export function isLimited({ status }: HttpAnswer): boolean {
  return status === 429;
}

/** The scenario is inconclusive: the target limits attempts, and did not look at this one. */
export function limited(world: ConformanceWorld, { headers }: HttpAnswer): 'skipped' {
  const wait = headers.get('retry-after');
  const when = wait === null ? 'later' : `later (Retry-After: ${wait})`;
  const reason = `the target limits wrong attempts and did not look at this one: run the rule again ${when}`;
  return world.withhold({ verdict: 'inconclusive', reason });
}

/** A token, and how long it lives. Throws a BrokenPrecondition if the endpoint gives none. */
export async function issuedToken(world: ConformanceWorld, client: ClientCredentials): Promise<IssuedToken> {
  const answer = await askedToken(world, client);
  const issued = tokenIn(answer);
  if (!issued) {
    const what = `no token was given: ${exchangeInWords(answer)}`;
    throw new BrokenPrecondition('oauth.token.client-credentials', what);
  }
  last.set(world, issued);
  return issued;
}

/** The token that {@link issuedToken} gave last. */
export function lastToken(world: ConformanceWorld): IssuedToken {
  const issued = last.get(world);
  if (!issued) throw new HarnessError('no token was issued before');
  return issued;
}
