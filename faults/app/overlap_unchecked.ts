import { prefixContains } from '../../impl/net/ipv4_prefix.ts';
import { NON_PUBLIC_RANGES } from '../../impl/net/special_purpose.ts';
import type { Fault } from '../fault.ts';
import { acceptedAsWritten, sourcesRead } from '../patches.ts';

export default {
  id: 'overlap-unchecked',
  rule: 'app.cidr.non-public',
  sentence: 'A prefix that holds a range that is not public is taken.',
  override: sourcesRead(
    acceptedAsWritten((prefix) => !NON_PUBLIC_RANGES.some((range) => prefixContains(range.prefix, prefix))),
  ),
} satisfies Fault;
