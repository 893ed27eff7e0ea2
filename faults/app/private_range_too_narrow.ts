import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

const range = inside('172.16.0.0/12');
const narrow = inside('172.16.0.0/16');

export default {
  id: 'private-range-too-narrow',
  rule: 'app.cidr.rejected',
  sentence: 'Of the private range 172.16.0.0/12 only 172.16.0.0/16 is known to be private.',
  collateral: { 'app.cidr.non-public': 'the last address of the range is outside 172.16.0.0/16' },
  override: sourcesRead(acceptedAsWritten((prefix) => range(prefix) && !narrow(prefix))),
} satisfies Fault;
