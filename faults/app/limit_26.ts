import { parseSourcePrefix } from '../../impl/api/source_prefix.ts';
import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'limit-26',
  rule: 'app.cidr.limit',
  sentence: 'The list of source addresses takes 26 entries.',
  override: {
    applyPatch(current, patch, context) {
      const texts = patch.allowedSourceIps ?? [];
      const [last = ''] = texts.slice(25);
      const prefix = parseSourcePrefix(last);
      if (texts.length !== 26 || 'reason' in prefix) return applyPatch(current, patch, context);
      const outcome = applyPatch(current, { ...patch, allowedSourceIps: texts.slice(0, 25) }, context);
      if (!outcome.next?.inbound) return outcome;
      const { inbound } = outcome.next;
      const allowedSources = [...inbound.allowedSources, prefix];
      return { ...outcome, next: { ...outcome.next, inbound: { ...inbound, allowedSources } } };
    },
  },
} satisfies Fault;
