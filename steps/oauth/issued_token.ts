import { exchangeInWords } from '../../harness/clients/answer_content.ts';
import type { HttpAnswer } from '../../harness/clients/http.ts';
import {
  requestToken,
  tokenIn,
  type ClientCredentials,
  type IssuedToken,
} from '../../harness/clients/oauth.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

/** What the token endpoint answers to these credentials, or to none. */
export function askedToken(
  world: ConformanceWorld,
  client: ClientCredentials | undefined,
  form?: string,
): Promise<HttpAnswer> {
  return requestToken(world.journal, world.parameters.place.api.tokenUrl, client, form);
}

/** A token, and how long it lives. Throws a HarnessError if the endpoint gives none. */
export async function issuedToken(world: ConformanceWorld, client: ClientCredentials): Promise<IssuedToken> {
  const answer = await askedToken(world, client);
  const issued = tokenIn(answer);
  if (!issued) throw new HarnessError(`no token was given: ${exchangeInWords(answer)}`);
  return issued;
}
