import type { Fault } from '../fault.ts';
import { acceptedAsWritten, inside, sourcesRead } from '../patches.ts';

const RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

export default {
  id: 'private-only-as-written',
  rule: 'app.cidr.non-public',
  sentence: 'The private ranges are refused as they are written in the guide, and their parts are taken.',
  override: sourcesRead(
    acceptedAsWritten(
      (prefix, text) => !RANGES.includes(text) && RANGES.some((range) => inside(range)(prefix)),
    ),
  ),
} satisfies Fault;
