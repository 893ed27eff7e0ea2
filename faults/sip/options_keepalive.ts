import { decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const SILENCE_MS = 10_000;

/** When the service last answered a sender, by its address and From. */
const lastAnswered = new Map<string, { readonly callId: string; readonly at: number }>();

export default faultsOf('sip.options.keepalive', [
  {
    id: 'keepalive-says-ok',
    sentence: 'OPTIONS is answered with 200 OK instead of 200 Keepalive.',
    collateral: { 'sip.tcp': 'over TCP too' },
    override: wire({ sent: (text) => text.replace(/^SIP\/2\.0 200 Keepalive\r\n/, 'SIP/2.0 200 OK\r\n') }),
  },
  {
    id: 'options-challenged',
    sentence: 'OPTIONS is challenged like a call.',
    collateral: {
      'sip.malformed': 'it asks with OPTIONS whether the service is alive',
      'sip.tcp': 'over TCP too',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'keepalive'
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
  {
    id: 'options-once-only',
    sentence: 'A client that sends OPTIONS over UDP again within ten seconds gets no answer to it.',
    override: wire({
      received(text, { address, port, protocol }) {
        if (protocol !== 'UDP' || !text.startsWith('OPTIONS ')) return text;
        const sender = `${address}:${port} ${/^From:[^;\r]*/im.exec(text)?.[0]}`;
        const callId = /^Call-ID:.*/im.exec(text)?.[0] ?? '';
        const last = lastAnswered.get(sender);
        if (last !== undefined && last.callId !== callId && Date.now() - last.at < SILENCE_MS)
          return undefined;
        lastAnswered.set(sender, { callId, at: Date.now() });
        return text;
      },
    }),
  },
]);
