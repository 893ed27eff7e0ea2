import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Credential } from '../../impl/store/model/inbound_settings.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';
import { foundOtherwise, inboundOtherwise } from '../patches.ts';

/** The passwords that were made last, by the user part of the SIP URI. */
const passwordsOfUris = new Map<string, string>();

/** The credentials that held last, by the user part of the SIP URI. */
const credentialsOfUris = new Map<string | null, Credential>();

/** Applications that had a password. */
const withPassword = new Set<unknown>();

export default faultsOf('app.password-off', [
  {
    id: 'password-back-after-off',
    sentence: 'Turning password authentication off and on again brings the old password back.',
    override: {
      applyPatch(current, patch, context) {
        const key = current.inbound?.credential === null ? current.inbound.uriUser : undefined;
        const outcome = applyPatch(current, patch, {
          ...context,
          newPassword: () => passwordsOfUris.get(key ?? '') ?? context.newPassword(),
        });
        if (outcome.next?.inbound && outcome.oneTimePassword !== undefined)
          passwordsOfUris.set(outcome.next.inbound.uriUser, outcome.oneTimePassword);
        return outcome;
      },
    },
  },
  {
    id: 'password-off-ignored',
    sentence: 'A PATCH of passwordAuthEnabled false is answered 200 and leaves the password in force.',
    override: inboundOtherwise((_inbound, { current, patch }) =>
      patch.passwordAuthEnabled === false && current.inbound?.credential
        ? { credential: current.inbound.credential }
        : undefined,
    ),
  },
  {
    id: 'password-off-still-challenged',
    sentence: 'With password authentication turned off callers are challenged as before.',
    override: foundOtherwise((settings) => {
      if (settings === undefined) return undefined;
      const credential = settings.credential ?? credentialsOfUris.get(settings.uriUser) ?? null;
      if (credential !== null) credentialsOfUris.set(settings.uriUser, credential);
      return { ...settings, credential };
    }),
  },
  {
    id: 'password-off-without-sources',
    sentence: 'Password authentication can be turned off where there is no source address.',
    collateral: { 'app.last-mechanism': 'the password was the last auth mode' },
    override: patchedOtherwise((outcome, { current, patch }) =>
      outcome.next === undefined &&
      current.inbound?.allowedSources.length === 0 &&
      patch.passwordAuthEnabled === false &&
      Object.keys(patch).length === 1
        ? { next: { ...current, inbound: { ...current.inbound, credential: null } } }
        : outcome,
    ),
  },
  {
    id: 'reading-shows-password-auth-on',
    sentence: 'GET goes on showing passwordAuthEnabled true after password authentication was turned off.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const id = data?.['applicationId'];
      if (data?.['passwordAuthEnabled'] === true) withPassword.add(id);
      return request.method === 'GET' && data?.['inboundSipCallsEnabled'] === true && withPassword.has(id)
        ? changed(body, { data: changed(data, { passwordAuthEnabled: true }) })
        : body;
    }),
  },
]);
