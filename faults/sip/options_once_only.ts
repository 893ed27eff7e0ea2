import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

const HOLD_MS = 10_000;

/** When the service last answered a sender, by its address and From. */
const answered = new Map<string, { readonly callId: string; readonly at: number }>();

export default {
  id: 'options-once-only',
  rule: 'sip.options.keepalive',
  sentence: 'A client that sends OPTIONS over UDP again within ten seconds gets no answer to it.',
  override: wire({
    received(text, { address, port, protocol }) {
      if (protocol !== 'UDP' || !text.startsWith('OPTIONS ')) return text;
      const sender = `${address}:${port} ${/^From:[^;\r]*/im.exec(text)?.[0]}`;
      const callId = /^Call-ID:.*/im.exec(text)?.[0] ?? '';
      const last = answered.get(sender);
      if (last !== undefined && last.callId !== callId && Date.now() - last.at < HOLD_MS) return undefined;
      answered.set(sender, { callId, at: Date.now() });
      return text;
    },
  }),
} satisfies Fault;
