import { forwardedResponse } from '../../impl/sip/serialiser.ts';
import { edgeWith, faultsOf, forwardedOtherwise } from '../fault.ts';
import { onHead } from '../head_lines.ts';

export default faultsOf('sip.via.one', [
  {
    id: 'branch-of-sender-kept',
    sentence: 'The Via that the service puts on an INFO has the branch that the request came with.',
    override: forwardedOtherwise((forwarding, request) =>
      request.method === 'INFO'
        ? { via: forwarding.via.replace(/branch=[^;]*/, `branch=${request.via.branch ?? ''}`) }
        : {},
    ),
  },
  {
    id: 'vias-of-others-hidden',
    sentence: 'A response leaves with the topmost Via of its target alone.',
    override: edgeWith({
      forwardedResponse: (response, forwarding) =>
        Buffer.from(
          onHead(forwardedResponse(response, forwarding).toString('latin1'), (lines) => {
            const first = lines.findIndex((line) => /^v(ia)?[ \t]*:/i.test(line));
            return lines.filter((line, index) => index <= first || !/^v(ia)?[ \t]*:/i.test(line));
          }),
          'latin1',
        ),
    }),
  },
]);
