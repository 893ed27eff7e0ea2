import type { Randomness } from '../randomness.ts';
import type { ManagementCall } from './management.ts';

/** More than any settings need, and than services commonly read: 12 MiB. */
const OVERSIZED = 12 * 1024 * 1024;
/** No account has it: what a token does not name is foreign to it, whether it exists or not. */
const FOREIGN_ACCOUNT = '1000000007';

type Flaw = (call: ManagementCall, randomness: Randomness) => ManagementCall;

/** What can be wrong with a PATCH of an application, by the words features use, in the order it is answered in. */
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
 * A PATCH that would be answered 200 but for these flaws, which are put into it from the last to the first.
 * Undefined where one of them is not known.
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
