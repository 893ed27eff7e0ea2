import type { Randomness } from '../randomness.ts';
import type { ManagementCall } from './management.ts';

/** More than settings need or services commonly read: 12 MiB. */
const OVERSIZED = 12 * 1024 * 1024;
/** The id of no account. An account that a token does not name is foreign to it, whether it exists or not. */
const FOREIGN_ACCOUNT = '1000000007';

type Flaw = (call: ManagementCall, randomness: Randomness) => ManagementCall;

/** The flaws of a PATCH, by the words features use. In the order in which a service answers them. */
const REQUEST_FLAWS: ReadonlyMap<string, Flaw> = new Map<string, Flaw>([
  ['no token', (call) => ({ ...call, withoutToken: true })],
  ['a foreign account', (call) => ({ ...call, accountId: FOREIGN_ACCOUNT })],
  ['an unknown application', (call, randomness) => ({ ...call, applicationId: randomness.uuid() })],
  ['a method it does not take', (call) => ({ ...call, method: 'PUT' })],
  ['another content type', (call) => ({ ...call, contentType: 'application/xml' })],
  ['an oversized body', ({ body = '', ...call }) => ({ ...call, body: padded(body) })],
  ['malformed JSON', (call) => ({ ...call, body: '{"inboundSipCallsEnabled": ' })],
]);

function padded(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(OVERSIZED).fill(0x20);
  octets.set(typeof body === 'string' ? new TextEncoder().encode(body) : body);
  return octets;
}

/**
 * A PATCH that would be answered 200 without these flaws. They are applied from the last to the first.
 * Undefined where a flaw is unknown.
 */
export function flawedPatch(
  applicationId: string,
  flaws: readonly string[],
  randomness: Randomness,
): ManagementCall | undefined {
  let call: ManagementCall = {
    method: 'PATCH',
    applicationId,
    contentType: 'application/json',
    body: '{"applicationName": "renamed by a refused request"}',
  };
  const known = [...REQUEST_FLAWS].filter(([name]) => flaws.includes(name));
  if (known.length !== flaws.length) return undefined;
  for (const [, put] of known.toReversed()) call = put(call, randomness);
  return call;
}
