import type { HeaderField, SipRequest } from '../../impl/sip/message.ts';
import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.headers.vendor-stripped', [
  {
    id: 'folded-vendor-header-kept',
    sentence: 'A vendor header that is folded onto a second line is not recognised.',
    override: vendorHeadersMissed((field) => /[\r\n]/.test(field.value)),
  },
  {
    id: 'tail-of-folded-vendor-header-kept',
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
  },
  {
    id: 'vendor-header-with-digit-kept',
    sentence: 'A header whose name goes on with a digit behind X- is taken for another header.',
    override: vendorHeadersMissed((field) => /^x-\d/i.test(field.name)),
  },
  {
    id: 'vendor-header-in-other-case-kept',
    sentence: 'A header whose name begins with a small x- is taken for another header.',
    override: vendorHeadersMissed((field) => !field.name.startsWith('X-')),
  },
  {
    id: 'vendor-header-of-bye-kept',
    sentence: 'Vendor headers are taken out of the INVITE and not out of the requests that follow it.',
    override: vendorHeadersMissed((_field, request) => request.to.tag !== undefined),
  },
  {
    id: 'vendor-header-repeated-kept',
    sentence: 'Of vendor headers of the same name only the first is taken out.',
    override: vendorHeadersMissed((field, request) => request.field(field.key) !== field),
  },
  {
    id: 'vendor-header-with-blank-kept',
    sentence: 'A vendor header with a blank before its colon is not recognised.',
    override: vendorHeadersMissed((field, request) =>
      /^[^:]*[ \t]:/.test(request.text.slice(field.start, field.end)),
    ),
  },
]);

/** The edge that keeps a vendor header if `isMissed` says so. */
function vendorHeadersMissed(isMissed: (field: HeaderField, request: SipRequest) => boolean): Partial<Parts> {
  return forwardedOtherwise((forwarding, request) => ({
    drops: (field) => forwarding.drops(field) && !(field.key.startsWith('x-') && isMissed(field, request)),
  }));
}
