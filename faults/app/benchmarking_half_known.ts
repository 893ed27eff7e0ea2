import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

export default {
  id: 'benchmarking-half-known',
  rule: 'app.cidr.non-public',
  sentence: 'Of the range for benchmarking the second half is taken for public.',
  override: sourcesRead(acceptedAsWritten(inside('198.19.0.0/16'))),
} satisfies Fault;
