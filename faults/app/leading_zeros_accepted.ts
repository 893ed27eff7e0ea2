import { parseSourcePrefix } from '../../impl/api/source_prefix.ts';
import type { Fault } from '../fault.ts';
import { sourcesRead } from '../patches.ts';

export default {
  id: 'leading-zeros-accepted',
  rule: 'app.cidr.malformed',
  sentence: 'Octets with leading zeros are read as decimal.',
  override: sourcesRead((text) => {
    const [address = '', length] = text.split('/');
    const octets = address.split('.').map((octet) => (/^0+\d/.test(octet) ? String(Number(octet)) : octet));
    const prefix = parseSourcePrefix(`${octets.join('.')}/${length}`);
    return 'reason' in prefix || length === undefined ? undefined : prefix;
  }),
} satisfies Fault;
