import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import type { Fault } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

const enabled = new Map<string, InboundSettings>();

export default {
  id: 'disabled-takes-calls',
  rule: 'app.disable.kills-credential',
  sentence: 'A disabled application takes calls at its applicationId as it did before.',
  override: foundOtherwise((settings) => {
    if (settings?.inboundSipCallsEnabled) enabled.set(settings.applicationId, settings);
    return settings && enabled.get(settings.applicationId);
  }),
} satisfies Fault;
