import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

/** Connections that have brought a message in this turn of the event loop, which is one segment. */
const heard = new Set<string>();

export default {
  id: 'tcp-one-message-a-segment',
  rule: 'sip.tcp',
  sentence: 'Of several messages in one TCP segment only the first is read.',
  override: wire({
    received(text, { address, port, protocol }) {
      const connection = `${address}:${port}`;
      if (protocol !== 'TCP') return text;
      if (heard.has(connection)) return undefined;
      heard.add(connection);
      setImmediate(() => heard.delete(connection));
      return text;
    },
  }),
} satisfies Fault;
