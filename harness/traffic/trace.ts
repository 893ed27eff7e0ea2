import type { TracedMessage } from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';

/** SIPp's own trace as messages, for a place without a capture. */
export function messagesTraced(
  trace: readonly TracedMessage[],
  local: Endpoint,
  remote: Endpoint,
): WireMessage[] {
  const finder = new SipMessageFinder();
  return trace.flatMap(({ time, direction, text }) => {
    const [source, destination] = direction === 'sent' ? [local, remote] : [remote, local];
    const segment = {
      protocol: 'udp',
      time,
      source,
      destination,
      payload: Buffer.from(text, 'latin1'),
      packets: [],
    } as const;
    return finder.push(segment).map(({ message }) => message);
  });
}
