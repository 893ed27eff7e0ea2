import { applyPatch } from '../../impl/api/application_patch.ts';
import { credentialOf, type InboundSip } from '../../impl/store/model/voice_application.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

/** The inbound settings an application had when it was disabled, by applicationId. */
const formerSettings = new Map<string, InboundSip>();

/** The passwords that were made last, by applicationId. */
const formerPasswords = new Map<string, string>();

/** The user parts of the first SIP URIs, by applicationId. */
const firstUriUsers = new Map<string, string>();

export default faultsOf('app.reenable.fresh', [
  {
    id: 'reenabled-with-former-lists',
    sentence: 'Enabling once more brings the former source addresses and regions back.',
    override: patchedOtherwise((outcome, { current, patch }) => {
      const { next } = outcome;
      if (next?.inbound === null && current.inbound)
        formerSettings.set(current.applicationId, current.inbound);
      const before = formerSettings.get(current.applicationId);
      if (!next?.inbound || current.inbound !== null || before === undefined) return outcome;
      const { allowedSources, allowedRegions } = before;
      const inbound = {
        ...next.inbound,
        ...(patch.allowedSourceIps === undefined ? { allowedSources } : {}),
        ...(patch.allowedRegions === undefined ? { allowedRegions } : {}),
      };
      return { ...outcome, next: { ...next, inbound } };
    }),
  },
  {
    id: 'reenabled-with-former-password',
    sentence: 'Enabling once more with a password brings the former password back.',
    override: {
      applyPatch(current, patch, context) {
        const { applicationId, inbound } = current;
        const newPassword = (): string => {
          const former = inbound === null ? formerPasswords.get(applicationId) : undefined;
          const password = former ?? context.newPassword();
          formerPasswords.set(applicationId, password);
          return password;
        };
        return applyPatch(current, patch, { ...context, newPassword });
      },
    },
  },
  {
    id: 'reenabled-with-former-uri',
    sentence: 'Enabling once more brings the former SIP URI back.',
    override: inboundOtherwise((inbound, { current: { applicationId }, context }, password) => {
      const uriUser = firstUriUsers.get(applicationId) ?? inbound.uriUser;
      firstUriUsers.set(applicationId, uriUser);
      return password === undefined
        ? { uriUser }
        : { uriUser, credential: credentialOf(applicationId, uriUser, context.domain, password) };
    }),
  },
  {
    id: 'uri-of-application-id',
    sentence: 'The user part of a SIP URI is the applicationId, also after enabling once more.',
    override: inboundOtherwise((_inbound, { current: { applicationId }, context }, password) => {
      const uriUser = applicationId;
      return password === undefined
        ? { uriUser }
        : { uriUser, credential: credentialOf(applicationId, uriUser, context.domain, password) };
    }),
  },
]);
