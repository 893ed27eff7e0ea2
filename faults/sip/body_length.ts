import { forwardedRequest, forwardedResponse } from '../../impl/sip/serialiser.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.body.length', [
  {
    id: 'length-of-request-unsaid',
    sentence: 'A request that came over UDP without Content-Length goes to a caller over TCP without it too.',
    override: edgeWith({
      forwardedRequest: (request, forwarding) =>
        forwardedRequest(request, { ...forwarding, isOverStream: false }),
    }),
  },
  {
    id: 'length-of-response-zero',
    sentence:
      'An answer that came over UDP without Content-Length goes to a caller over TCP with Content-Length 0.',
    override: edgeWith({
      forwardedResponse(response, forwarding) {
        const text = forwardedResponse(response, forwarding).toString('latin1');
        const isSaid = response.field('content-length') !== undefined || !forwarding.isOverStream;
        return Buffer.from(
          isSaid ? text : text.replace(/^Content-Length: \d+/m, 'Content-Length: 0'),
          'latin1',
        );
      },
    }),
  },
]);
