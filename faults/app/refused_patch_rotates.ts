import { credentialOf } from '../../impl/store/model/voice_application.ts';
import type { Fault } from '../fault.ts';
import { storedThoughRefused } from '../patches.ts';

export default {
  id: 'refused-patch-rotates',
  rule: 'app.patch.atomic',
  sentence: 'A rotation together with a region that is none is refused, and the old password is dead.',
  override: storedThoughRefused(({ current, patch, context }) => {
    const { applicationId, inbound } = current;
    if (!inbound?.credential || patch.passwordAuthEnabled !== true) return undefined;
    const credential = credentialOf(applicationId, inbound.uriUser, context.domain, context.newPassword());
    return { ...current, inbound: { ...inbound, credential } };
  }),
} satisfies Fault;
