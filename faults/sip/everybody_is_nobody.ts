import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'everybody-is-nobody',
  rule: 'sip.ip.prefix-edges',
  sentence: 'The prefix 0.0.0.0/0 lets nobody in.',
  override: decidedOtherwise((decision) =>
    decision.action === 'deliver' && decision.application.allowedSources.some(({ mask }) => mask === 0)
      ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
      : decision,
  ),
} satisfies Fault;
