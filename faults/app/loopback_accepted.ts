import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

export default {
  id: 'loopback-accepted',
  rule: 'app.cidr.rejected',
  sentence: 'Loopback addresses are taken for public ones.',
  collateral: { 'app.cidr.non-public': 'a single loopback address is one' },
  override: sourcesRead(acceptedAsWritten(inside('127.0.0.0/8'))),
} satisfies Fault;
