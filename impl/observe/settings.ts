import { z } from 'zod';

import { ipAddress, PORT, port, setting, wholeNumber, type TierSettings } from '../runtime/setting.ts';
import { LOG_LEVELS } from './log.ts';

/** Without `metrics.port` the API serves the metrics. */
const shape = {
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  metrics: z.strictObject({ host: ipAddress.default('127.0.0.1'), port: port.optional() }).prefault({}),
};

/** The settings of the log and the metrics. */
export const observeSettings = {
  shape,
  settings: [
    setting('log.level', 'LOG_LEVEL', `the least level that is logged: ${LOG_LEVELS.join(', ')}`),
    setting(
      'metrics.port',
      'METRICS_PORT',
      `${PORT}: a listener for /metrics alone; without it the API serves them to anyone`,
      wholeNumber,
    ),
    setting('metrics.host', 'METRICS_HOST', 'an IP address to listen on for /metrics if metrics.port is set'),
  ],
} satisfies TierSettings<typeof shape>;
