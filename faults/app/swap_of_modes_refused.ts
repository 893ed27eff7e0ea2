import type { Fault } from '../fault.ts';
import { refusedToo } from '../patches.ts';

export default {
  id: 'swap-of-modes-refused',
  rule: 'app.last-mechanism',
  sentence: 'A PATCH that sets a password in the place of the source addresses is refused.',
  override: refusedToo(({ current, patch }) =>
    current.inbound?.credential === null && patch.allowedSourceIps?.length === 0
      ? { field: 'allowedSourceIps', reason: 'would leave the application without an auth mode' }
      : undefined,
  ),
} satisfies Fault;
