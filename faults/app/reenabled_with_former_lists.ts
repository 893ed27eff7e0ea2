import type { InboundSip } from '../../impl/store/model/voice_application.ts';
import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const former = new Map<string, InboundSip>();

export default {
  id: 'reenabled-with-former-lists',
  rule: 'app.reenable.fresh',
  sentence: 'Enabling once more brings the former source addresses and regions back.',
  override: patchedOtherwise((outcome, { current, patch }) => {
    const { next } = outcome;
    if (next?.inbound === null && current.inbound) former.set(current.applicationId, current.inbound);
    const before = former.get(current.applicationId);
    if (!next?.inbound || current.inbound !== null || before === undefined) return outcome;
    const { allowedSources, allowedRegions } = before;
    const inbound = {
      ...next.inbound,
      ...(patch.allowedSourceIps === undefined ? { allowedSources } : {}),
      ...(patch.allowedRegions === undefined ? { allowedRegions } : {}),
    };
    return { ...outcome, next: { ...next, inbound } };
  }),
} satisfies Fault;
