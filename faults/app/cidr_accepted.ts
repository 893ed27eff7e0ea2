import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';
import { refusedToo } from '../patches.ts';

export default faultsOf('app.cidr.accepted', [
  {
    id: 'everybody-shown-as-no-list',
    sentence: 'The answer to a PATCH shows an empty list where 0.0.0.0/0 was sent.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      return request.method === 'PATCH' && String(data?.['allowedSourceIps']) === '0.0.0.0/0'
        ? changed(body, { data: changed(data, { allowedSourceIps: [] }) })
        : body;
    }),
  },
  {
    id: 'single-address-shown-bare',
    sentence: 'The answer to a PATCH shows a list of one single address without its /32.',
    collateral: {
      'app.cidr.non-public': 'the address right beside a range is shown so too',
      'app.source-ips.replaced-whole': 'the new list is one such address',
    },
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const [bare] = /^[\d.]+(?=\/32$)/.exec(String(data?.['allowedSourceIps'])) ?? [];
      return request.method === 'PATCH' && bare !== undefined
        ? changed(body, { data: changed(data, { allowedSourceIps: [bare] }) })
        : body;
    }),
  },
  {
    id: 'length-21-refused',
    sentence: 'A prefix of 21 bits is refused.',
    override: refusedToo(({ patch }) =>
      patch.allowedSourceIps?.some((text) => text.endsWith('/21')) === true
        ? { field: 'allowedSourceIps', reason: 'has a prefix of 21 bits' }
        : undefined,
    ),
  },
]);
