import type { Endpoint } from '../capture/endpoint.ts';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import type { Call } from '../traffic/call.ts';

/** Builds calls message by message, for tests of what reads and judges them. */

const CALLER = { address: '203.0.113.10', port: 10_000 };
const SERVICE = { address: '198.18.67.33', port: 6160 };
export const VOICE_PLATFORM = { address: '198.18.67.97', port: 6160 };

let clock = 1_700_000_000_000;

/** A message of the call, a millisecond after the one built before; `headers` as they stand on the wire. */
function message(
  source: Endpoint,
  destination: Endpoint,
  startLine: string,
  ...headers: readonly string[]
): WireMessage {
  const callId = headers.some((header) => /^(call-id|i)\s*:/i.test(header))
    ? []
    : ['Call-ID: one@caller.example'];
  const text = [startLine, ...callId, ...headers, '', ''].join('\r\n');
  const segment = { protocol: 'udp', time: (clock += 1), source, destination, packets: [] } as const;
  const [found] = new SipMessageFinder().push({ ...segment, payload: Buffer.from(text, 'latin1') });
  if (!found) throw new Error(`not a SIP message: ${startLine}`);
  return found.message;
}

/** From the caller to the service. */
export function sent(startLine: string, ...headers: readonly string[]): WireMessage {
  return message(CALLER, SERVICE, startLine, ...headers);
}

/** From the service to the caller. */
export function received(startLine: string, ...headers: readonly string[]): WireMessage {
  return message(SERVICE, CALLER, startLine, ...headers);
}

/** From the service to the voice platform. */
export function handedOver(startLine: string, ...headers: readonly string[]): WireMessage {
  return message(SERVICE, VOICE_PLATFORM, startLine, ...headers);
}

/** From the voice platform to the service. */
export function returned(startLine: string, ...headers: readonly string[]): WireMessage {
  return message(VOICE_PLATFORM, SERVICE, startLine, ...headers);
}

/** Options of a built call. By default SIPp saw nothing wrong, and no stand-in was at the voice platform. */
interface CallShape {
  readonly delivered?: readonly WireMessage[];
  /** What SIPp saw go wrong. */
  readonly trouble?: string;
  readonly hasCredentials?: boolean;
}

export function builtCall(
  messages: readonly WireMessage[],
  { delivered, trouble, hasCredentials = false }: CallShape = {},
): Call {
  return {
    scenario: 'scenarios/sip/invite.xml',
    callId: 'one@caller.example',
    hasCredentials,
    sipp: {
      outcome: trouble === undefined ? 'passed' : 'failed',
      reason: trouble ?? '1 of 1 call succeeded',
      exitCode: trouble === undefined ? 0 : 1,
      signal: null,
      durationMs: 1,
      command: ['sipp'],
      local: CALLER,
      calls: { requested: 1, created: 1, current: 0, successful: 1, failed: 0, failures: {} },
      retransmissions: 0,
      unexpected: [],
      messages: [],
      errors: [],
      logs: [],
      statistics: [],
    },
    messages,
    delivered,
    witnesses: 2,
  };
}
