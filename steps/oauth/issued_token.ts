import type { HttpAnswer } from '../../harness/clients/http.ts';
import { requestToken, tokenAnswer, type ClientCredentials } from '../../harness/clients/oauth.ts';
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
export async function issuedToken(
  world: ConformanceWorld,
  client: ClientCredentials,
): Promise<{ token: string; lifetimeMs: number }> {
  const answer = await askedToken(world, client);
  const parsed = tokenAnswer.safeParse(answer.json);
  if (!parsed.success) throw new HarnessError('no token was given; see the API exchange');
  return { token: parsed.data.access_token, lifetimeMs: parsed.data.expires_in * 1000 };
}
