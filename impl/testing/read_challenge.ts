import { algorithmNamed, digestParameters, type DigestChallenge } from '../sip/digest.ts';

/** A challenge as a client reads it. */
interface ReadChallenge extends DigestChallenge {
  /** Whether it offers `qop="auth"`. */
  readonly qopAuth: boolean;
}

/** Reads the value of a WWW-Authenticate or Proxy-Authenticate header; undefined if no client of ours can answer it. */
export function readChallenge(value: string): ReadChallenge | undefined {
  const parameters = digestParameters(value);
  const realm = parameters?.get('realm');
  const nonce = parameters?.get('nonce');
  const algorithm = algorithmNamed(parameters?.get('algorithm'));
  if (parameters === undefined || realm === undefined || nonce === undefined || algorithm === undefined)
    return undefined;
  const offers = parameters.get('qop');
  const qopAuth =
    offers !== undefined && offers.split(',').some((offer) => offer.trim().toLowerCase() === 'auth');
  if (offers !== undefined && !qopAuth) return undefined;
  return { realm, nonce, algorithm, qopAuth, stale: parameters.get('stale')?.toLowerCase() === 'true' };
}
