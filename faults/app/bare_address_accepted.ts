import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'bare-address-accepted',
  rule: 'app.cidr.malformed',
  sentence: 'An address without a prefix length is taken for a single one.',
  override: patchReadAs(({ patch }) => {
    const allowedSourceIps = patch.allowedSourceIps?.map((text) =>
      /^\d+\.\d+\.\d+\.\d+$/.test(text) ? `${text}/32` : text,
    );
    return allowedSourceIps === undefined ? patch : { ...patch, allowedSourceIps };
  }),
} satisfies Fault;
