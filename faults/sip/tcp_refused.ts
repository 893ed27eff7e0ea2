import { listen } from '../../impl/sip/listener.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'tcp-refused',
  rule: 'sip.tcp',
  sentence: 'The service takes no TCP connections.',
  override: edgeWith({
    async listen(...how) {
      const listener = await listen(...how);
      await listener.tcp.close();
      return listener;
    },
  }),
} satisfies Fault;
