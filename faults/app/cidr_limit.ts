import { applyPatch } from '../../impl/api/application_patch.ts';
import { faultsOf } from '../fault.ts';
import { foundOtherwise, goodSources, patchReadAs, refusedToo } from '../patches.ts';

export default faultsOf('app.cidr.limit', [
  {
    id: 'last-source-not-in-force',
    sentence: 'Of 25 source addresses 24 are in force.',
    override: foundOtherwise(
      (settings) => settings && { ...settings, allowedSources: settings.allowedSources.slice(0, 24) },
    ),
  },
  {
    id: 'limit-24',
    sentence: 'The list of source addresses takes 24 entries and no more.',
    override: refusedToo(({ patch }) =>
      (patch.allowedSourceIps?.length ?? 0) > 24
        ? { field: 'allowedSourceIps', reason: 'has more than 24 entries' }
        : undefined,
    ),
  },
  {
    id: 'limit-26',
    sentence: 'The list of source addresses takes 26 entries.',
    override: {
      applyPatch(current, patch, context) {
        const texts = patch.allowedSourceIps ?? [];
        const added = goodSources(texts.slice(25));
        if (texts.length !== 26 || added === undefined) return applyPatch(current, patch, context);
        const outcome = applyPatch(current, { ...patch, allowedSourceIps: texts.slice(0, 25) }, context);
        if (!outcome.next?.inbound) return outcome;
        const { inbound } = outcome.next;
        const allowedSources = [...inbound.allowedSources, ...added];
        return { ...outcome, next: { ...outcome.next, inbound: { ...inbound, allowedSources } } };
      },
    },
  },
  {
    id: 'list-cut-at-limit',
    sentence: 'Of a list of more than 25 source addresses the first 25 are taken.',
    override: patchReadAs(({ patch }) =>
      patch.allowedSourceIps === undefined
        ? patch
        : { ...patch, allowedSourceIps: patch.allowedSourceIps.slice(0, 25) },
    ),
  },
  {
    id: 'limit-of-different-ones',
    sentence: 'Of a list that is too long equal source addresses count once.',
    override: patchReadAs(({ patch }) =>
      patch.allowedSourceIps !== undefined && patch.allowedSourceIps.length > 25
        ? { ...patch, allowedSourceIps: [...new Set(patch.allowedSourceIps)] }
        : patch,
    ),
  },
]);
