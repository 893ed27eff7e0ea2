import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { digestCredentials } from '../clients/digest.ts';
import { answerable, digestsIn, readChallenge, type Challenge } from '../expect/challenge.ts';
import { listedValues } from './listed_values.ts';

/** What a caller made of the responses it got. */
interface Reading {
  readonly messages: readonly WireMessage[];
  readonly local: Endpoint;
  /** What it was to answer challenges with. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Whether SIPp gave the call up, and so may have ended it by a BYE that its scenario does not have. */
  readonly givenUp: boolean;
}

/**
 * Why a request of the caller is not what a client sends after the responses before it; undefined where each is. SIPp
 * reads less than RFC 3261 allows, and the service then judges a request that no client would send.
 */
export function misreading({ messages, local, credentials, givenUp }: Reading): string | undefined {
  const isSent = ({ method, source }: WireMessage): boolean =>
    method !== undefined && source.address === local.address && source.port === local.port;
  const last = messages.findLast(isSent);
  for (const [index, message] of messages.entries()) {
    if (!isSent(message) || (givenUp && message === last && message.method === 'BYE')) continue;
    const before = messages.slice(0, index);
    const why = misreadChallenge(message, before, credentials) ?? misreadDialog(message, before);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** RFC 3261 section 22.3, RFC 7616 section 3.4: the answer is to a challenge that was given, and right. */
function misreadChallenge(
  request: WireMessage,
  before: readonly WireMessage[],
  credentials: Reading['credentials'],
): string | undefined {
  // An answer has a higher number than what was challenged (22.2); the same INVITE sent again answers nothing new.
  const number = request.cseq?.number ?? 0;
  const challenge = before.findLast(({ status, cseq }) => status === 407 && (cseq?.number ?? 0) < number);
  const given = answerable(digestsIn(challenge));
  const sent = request.all('Proxy-Authorization').map(readChallenge);
  if (request.method !== 'INVITE' || credentials === undefined || given.length === 0 || sent.length === 0)
    return undefined;
  const isRight = sent.some((one) =>
    given.some((digest) => answers(one, digest) && isDigestOf(one, credentials)),
  );
  return isRight ? undefined : `it answered "${given[0]?.text}" with "${sent.at(-1)?.text}"`;
}

/** Whether the credentials repeat what the challenge wants repeated. */
function answers({ parameters: sent }: Challenge, { parameters: given }: Challenge): boolean {
  return ['realm', 'nonce', 'opaque'].every((name) => sent.get(name) === given.get(name));
}

function isDigestOf(
  { parameters }: Challenge,
  { username, password }: NonNullable<Reading['credentials']>,
): boolean {
  const of = (name: string): string => parameters.get(name) ?? '';
  const qop = parameters.get('qop');
  if (qop !== undefined && qop !== 'auth') return true;
  const right = digestCredentials({
    username,
    realm: of('realm'),
    password,
    method: 'INVITE',
    uri: of('uri'),
    nonce: of('nonce'),
    ...(qop === undefined
      ? {}
      : { qop: { nonceCount: Number.parseInt(of('nc'), 16), clientNonce: of('cnonce') } }),
  });
  return readChallenge(right).parameters.get('response') === of('response').toLowerCase();
}

/** RFC 3261 section 12.2.1.1: a request in the dialog names the remote target, and goes by the route set. */
function misreadDialog(request: WireMessage, before: readonly WireMessage[]): string | undefined {
  if (request.method !== 'ACK' && request.method !== 'BYE') return undefined;
  const answered = before.filter(
    ({ status = 0, cseq }) => status >= 200 && status < 300 && cseq?.method === 'INVITE',
  );
  const [first] = answered;
  const refused = before.findLast(({ status = 0, cseq }) => status >= 200 && cseq?.method === 'INVITE');
  if (!first || (refused?.status ?? 0) >= 300) return undefined;
  // SIPp copies whole values.
  const wanted = listedValues(first.all('Record-Route')).toReversed();
  const routes = listedValues(request.all('Route'));
  return routes.join(' ') === wanted.join(' ')
    ? undefined
    : `its ${request.method} goes by "${routes.join(', ')}", and not by the Record-Route "${first.all('Record-Route').join(', ')}"`;
}
