import type { Fault } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

export default {
  id: 'last-source-not-in-force',
  rule: 'app.cidr.limit',
  sentence: 'Of 25 source addresses 24 are in force.',
  override: foundOtherwise(
    (settings) => settings && { ...settings, allowedSources: settings.allowedSources.slice(0, 24) },
  ),
} satisfies Fault;
