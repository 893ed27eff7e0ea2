import { lengthOf, maskOf, parseIpv4Prefix } from '../../impl/net/ipv4_prefix.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { acceptedAsWritten, goodSources, inside, sourcesRead } from '../patches.ts';

const privateRange = inside('172.16.0.0/12');
const partOfPrivateRange = inside('172.16.0.0/16');

export default faultsOf('app.cidr.rejected', [
  {
    id: 'cidr-refusal-without-reason',
    sentence: 'The refusal of a source address says that it is not valid, and not why.',
    override: patchedOtherwise((outcome) =>
      outcome.next === undefined
        ? {
            errors: outcome.errors.map((error) =>
              error.field.startsWith('allowedSourceIps[') ? { ...error, reason: 'is not valid' } : error,
            ),
          }
        : outcome,
    ),
  },
  {
    id: 'host-bits-cut-off',
    sentence: 'The bits beyond a prefix are cut off, and the network that is left is taken.',
    override: sourcesRead((text) => {
      const [address = '', length = ''] = text.split('/');
      const host = parseIpv4Prefix(`${address}/32`);
      if ('reason' in host || !/^([1-9]|[12]\d|3[01])$/.test(length)) return undefined;
      const mask = maskOf(Number(length));
      const network = (host.network & mask) >>> 0;
      const octets = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255);
      return goodSources([`${octets.join('.')}/${lengthOf(mask)}`])?.[0];
    }),
  },
  {
    id: 'loopback-accepted',
    sentence: 'Loopback addresses are taken for public ones.',
    collateral: { 'app.cidr.non-public': 'a single loopback address is one' },
    override: sourcesRead(acceptedAsWritten(inside('127.0.0.0/8'))),
  },
  {
    id: 'private-range-too-narrow',
    sentence: 'Of the private range 172.16.0.0/12 only 172.16.0.0/16 is known to be private.',
    collateral: { 'app.cidr.non-public': 'the last address of the range is outside 172.16.0.0/16' },
    override: sourcesRead(acceptedAsWritten((prefix) => privateRange(prefix) && !partOfPrivateRange(prefix))),
  },
]);
