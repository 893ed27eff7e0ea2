import { NON_PUBLIC_RANGES } from '../../impl/net/special_purpose.ts';
import { faultsOf } from '../fault.ts';
import { acceptedAsWritten, inside, prefixContains, refusedToo, sourcesRead } from '../patches.ts';

const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const reachableSpecial = acceptedAsWritten(inside('192.31.196.0/24'));

export default faultsOf('app.cidr.non-public', [
  {
    id: 'benchmarking-half-known',
    sentence: 'Of the range for benchmarking the second half is taken for public.',
    override: sourcesRead(acceptedAsWritten(inside('198.19.0.0/16'))),
  },
  {
    id: 'multicast-accepted',
    sentence: 'Multicast addresses are taken for public ones.',
    override: sourcesRead(acceptedAsWritten(inside('224.0.0.0/4'))),
  },
  {
    id: 'overlap-unchecked',
    sentence: 'A prefix that holds a range that is not public is taken.',
    override: sourcesRead(
      acceptedAsWritten((prefix) => !NON_PUBLIC_RANGES.some((range) => prefixContains(range.prefix, prefix))),
    ),
  },
  {
    id: 'private-only-as-written',
    sentence: 'The private ranges are refused only as the guide writes them; parts of them are accepted.',
    override: sourcesRead(
      acceptedAsWritten(
        (prefix, text) =>
          !PRIVATE_RANGES.includes(text) && PRIVATE_RANGES.some((range) => inside(range)(prefix)),
      ),
    ),
  },
  {
    id: 'reachable-special-refused',
    sentence: 'A special range that is globally reachable is refused.',
    override: refusedToo(({ patch }) => {
      const index = patch.allowedSourceIps?.findIndex((text) => reachableSpecial(text) !== undefined) ?? -1;
      return index === -1 ? undefined : { field: `allowedSourceIps[${index}]`, reason: 'is special' };
    }),
  },
  {
    id: 'shared-space-accepted',
    sentence: 'The addresses that carriers share are taken for public ones.',
    override: sourcesRead(acceptedAsWritten(inside('100.64.0.0/10'))),
  },
]);
