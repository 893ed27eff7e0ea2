import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

export default {
  id: 'shared-space-accepted',
  rule: 'app.cidr.non-public',
  sentence: 'The addresses that carriers share are taken for public ones.',
  override: sourcesRead(acceptedAsWritten(inside('100.64.0.0/10'))),
} satisfies Fault;
