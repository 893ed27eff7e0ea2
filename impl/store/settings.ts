import { z } from 'zod';

import { setting, wholeNumber, type TierSettings } from '../runtime/setting.ts';
import { IN_MEMORY } from './sqlite/sqlite_store.ts';

const shape = {
  database: z.string().min(1).default(IN_MEMORY),
  audit: z.strictObject({ retentionDays: z.int().min(1).max(36_500).default(365) }).prefault({}),
};

/** The settings of the store. */
export const storeSettings = {
  shape,
  settings: [
    setting('database', 'DATABASE', `the path of an SQLite file, or ${IN_MEMORY}`),
    setting(
      'audit.retentionDays',
      'AUDIT_RETENTION_DAYS',
      'how many days the audit trail goes back, 1 to 36500',
      wholeNumber,
    ),
  ],
} satisfies TierSettings<typeof shape>;
