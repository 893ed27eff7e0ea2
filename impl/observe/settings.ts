import { z } from 'zod';

import { ipAddress, PORT, port, setting, wholeNumber, type TierSettings } from '../runtime/setting.ts';
import { LOG_LEVELS } from './log.ts';

/** Without `metrics.port` the API serves the metrics. */
const shape = {
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  metrics: z.strictObject({ host: ipAddress.default('127.0.0.1'), port: port.optional() }).prefault({}),
};

/** What the log and the metrics can be told. */
export const observeSettings = {
  shape,
  settings: [
    setting('log.level', 'LOG_LEVEL', `the least level that is logged: ${LOG_LEVELS.join(', ')}`),
    setting(
      'metrics.port',
      'METRICS_PORT',
      `${PORT}: a listener for /metrics alone; without it the API serves them, to whoever asks`,
      wholeNumber,
    ),
    setting(
      'metrics.host',
      'METRICS_HOST',
      'an IP address to listen on for /metrics where it has a port of its own',
    ),
  ],
} satisfies TierSettings<typeof shape>;
