import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'regions-patch-changes-uri',
  rule: 'app.regions.only',
  sentence: 'A PATCH of allowedRegions alone gives the application another SIP URI.',
  override: inboundOtherwise((_inbound, { patch, context }) =>
    patch.allowedRegions !== undefined && Object.keys(patch).length === 1
      ? { uriUser: context.newUuid() }
      : undefined,
  ),
} satisfies Fault;
