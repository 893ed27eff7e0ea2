import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

export default {
  id: 'multicast-accepted',
  rule: 'app.cidr.non-public',
  sentence: 'Multicast addresses are taken for public ones.',
  override: sourcesRead(acceptedAsWritten(inside('224.0.0.0/4'))),
} satisfies Fault;
