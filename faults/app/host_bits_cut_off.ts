import { lengthOf, maskOf, parseIpv4Prefix } from '../../impl/net/ipv4_prefix.ts';
import { parseSourcePrefix } from '../../impl/api/source_prefix.ts';
import type { Fault } from '../fault.ts';
import { sourcesRead } from '../patches.ts';

export default {
  id: 'host-bits-cut-off',
  rule: 'app.cidr.rejected',
  sentence: 'The bits beyond a prefix are cut off, and the network that is left is taken.',
  override: sourcesRead((text) => {
    const [address = '', length = ''] = text.split('/');
    const host = parseIpv4Prefix(`${address}/32`);
    if ('reason' in host || !/^([1-9]|[12]\d|3[01])$/.test(length)) return undefined;
    const mask = maskOf(Number(length));
    const network = (host.network & mask) >>> 0;
    const octets = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255);
    const prefix = parseSourcePrefix(`${octets.join('.')}/${lengthOf(mask)}`);
    return 'reason' in prefix ? undefined : prefix;
  }),
} satisfies Fault;
