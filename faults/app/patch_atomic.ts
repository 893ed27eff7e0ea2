import { credentialOf } from '../../impl/store/model/voice_application.ts';
import { faultsOf } from '../fault.ts';
import { goodSources, storedThoughRefused } from '../patches.ts';

export default faultsOf('app.patch.atomic', [
  {
    id: 'refused-patch-renames',
    sentence: 'The new name of a refused PATCH is taken.',
    override: storedThoughRefused(({ current, patch }) =>
      patch.applicationName === undefined
        ? undefined
        : { ...current, profile: { ...current.profile, applicationName: patch.applicationName } },
    ),
  },
  {
    id: 'refused-patch-asks-otherwise',
    sentence: 'The timeout and the credentials for webhooks of a refused PATCH are taken.',
    override: storedThoughRefused(({ current, patch: { callbackTimeout, callbackCreds } }) => {
      if (callbackTimeout === undefined || callbackCreds === undefined) return undefined;
      return { ...current, profile: { ...current.profile, callbackTimeout, callbackCreds } };
    }),
  },
  {
    id: 'refused-patch-rotates',
    sentence: 'A rotation together with an unknown region is refused, but the old password is dead.',
    override: storedThoughRefused(({ current, patch, context }) => {
      const { applicationId, inbound } = current;
      if (!inbound?.credential || patch.passwordAuthEnabled !== true) return undefined;
      const credential = credentialOf(applicationId, inbound.uriUser, context.domain, context.newPassword());
      return { ...current, inbound: { ...inbound, credential } };
    }),
  },
  {
    id: 'refused-patch-sets-sources',
    sentence: 'Source addresses together with an unknown region are refused, but in force.',
    override: storedThoughRefused(({ current, patch }) => {
      const allowedSources = goodSources(patch.allowedSourceIps ?? []) ?? [];
      if (!current.inbound || allowedSources.length === 0) return undefined;
      return { ...current, inbound: { ...current.inbound, allowedSources } };
    }),
  },
]);
