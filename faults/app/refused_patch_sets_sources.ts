import { parseSourcePrefixes } from '../../impl/api/source_prefix.ts';
import type { Fault } from '../fault.ts';
import { storedThoughRefused } from '../patches.ts';

export default {
  id: 'refused-patch-sets-sources',
  rule: 'app.patch.atomic',
  sentence: 'Source addresses together with a region that is none are refused, and in force.',
  override: storedThoughRefused(({ current, patch }) => {
    const parsed = parseSourcePrefixes(patch.allowedSourceIps ?? []);
    if (!current.inbound || 'errors' in parsed || parsed.prefixes.length === 0) return undefined;
    return { ...current, inbound: { ...current.inbound, allowedSources: parsed.prefixes } };
  }),
} satisfies Fault;
