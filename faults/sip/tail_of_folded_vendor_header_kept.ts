import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'tail-of-folded-vendor-header-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence:
    'Of a folded vendor header only the first line is taken out; the rest becomes part of another header.',
  override: edgeWith({
    forwardedRequest(request, forwarding) {
      let packet = forwardedRequest(request, forwarding).toString('latin1');
      for (const field of request.headers) {
        const fold = field.value.indexOf('\r\n');
        if (fold < 0 || !forwarding.drops(field)) continue;
        packet = packet.replace(/^Subject:.*?(?=\r\n)/m, `$&${field.value.slice(fold)}`);
      }
      return Buffer.from(packet, 'latin1');
    },
  }),
} satisfies Fault;
