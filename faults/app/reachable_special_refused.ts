import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, refusedToo } from '../patches.ts';

const isIt = acceptedAsWritten(inside('192.31.196.0/24'));

export default {
  id: 'reachable-special-refused',
  rule: 'app.cidr.non-public',
  sentence: 'A special range that is globally reachable is refused.',
  override: refusedToo(({ patch }) => {
    const index = patch.allowedSourceIps?.findIndex((text) => isIt(text) !== undefined) ?? -1;
    return index === -1 ? undefined : { field: `allowedSourceIps[${index}]`, reason: 'is special' };
  }),
} satisfies Fault;
