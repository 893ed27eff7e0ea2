import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import { faultsOf } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

/** Settings of applications that are or were enabled, by applicationId. */
const whileEnabled = new Map<string, InboundSettings>();

/** Settings by the user part of the SIP URI that was called. */
const settingsOfUris = new Map<string, InboundSettings>();

export default faultsOf('app.disable.kills-credential', [
  {
    id: 'disabled-takes-calls',
    sentence: 'A disabled application takes calls at its applicationId as it did before.',
    override: foundOtherwise((settings) => {
      if (settings?.inboundSipCallsEnabled) whileEnabled.set(settings.applicationId, settings);
      return settings && whileEnabled.get(settings.applicationId);
    }),
  },
  {
    id: 'former-uri-challenged',
    sentence: 'The SIP URI of an application goes on challenging and taking calls after it was disabled.',
    collateral: { 'app.reenable.fresh': 'the former SIP URI lives on through that too' },
    override: foundOtherwise((settings, user) => {
      if (settings !== undefined && settings.uriUser === user) settingsOfUris.set(user, settings);
      return settings ?? settingsOfUris.get(user);
    }),
  },
]);
