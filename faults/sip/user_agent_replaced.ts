import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'user-agent-replaced',
  rule: 'sip.headers.standard-kept',
  sentence: "The service writes its own name into the caller's User-Agent.",
  override: wire({
    sent: (text, { side }) =>
      side === 'callFlow' ? text.replace(/^User-Agent:.*$/im, 'User-Agent: voice edge\r') : text,
  }),
} satisfies Fault;
