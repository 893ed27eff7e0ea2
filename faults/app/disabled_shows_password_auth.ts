import type { Fault } from '../fault.ts';
import { lastValueShown } from '../stale_reading.ts';

export default {
  id: 'disabled-shows-password-auth',
  rule: 'app.disable.clears',
  sentence: 'A disabled application still shows passwordAuthEnabled true.',
  override: lastValueShown('passwordAuthEnabled'),
} satisfies Fault;
