import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const ONE_ADDRESS = 0xffffffff;

export default {
  id: 'prefix-without-its-first-address',
  rule: 'sip.ip.prefix-edges',
  sentence: 'The first address of a listed prefix is taken for its network address and not let in.',
  override: decidedOtherwise((decision, { source }) =>
    decision.action === 'deliver' &&
    decision.application.allowedSources.some(
      ({ network, mask }) => mask !== ONE_ADDRESS && network === source,
    )
      ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
      : decision,
  ),
} satisfies Fault;
