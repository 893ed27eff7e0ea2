import type { Fault } from '../fault.ts';
import { storedThoughRefused } from '../patches.ts';

export default {
  id: 'refused-patch-renames',
  rule: 'app.patch.atomic',
  sentence: 'The new name of a refused PATCH is taken.',
  override: storedThoughRefused(({ current, patch }) =>
    patch.applicationName === undefined
      ? undefined
      : { ...current, profile: { ...current.profile, applicationName: patch.applicationName } },
  ),
} satisfies Fault;
