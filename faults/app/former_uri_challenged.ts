import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import type { Fault } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

const uris = new Map<string, InboundSettings>();

export default {
  id: 'former-uri-challenged',
  rule: 'app.disable.kills-credential',
  sentence: 'The SIP URI of an application goes on challenging and taking calls after it was disabled.',
  collateral: { 'app.reenable.fresh': 'the former SIP URI lives on through that too' },
  override: foundOtherwise((settings, user) => {
    if (settings !== undefined && settings.uriUser === user) uris.set(user, settings);
    return settings ?? uris.get(user);
  }),
} satisfies Fault;
