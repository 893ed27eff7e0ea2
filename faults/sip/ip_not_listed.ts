import type { Ipv4Prefix } from '../../impl/net/ipv4_prefix.ts';
import { decidedOtherwise, faultsOf, patchedOtherwise } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

const EVERYBODY: Ipv4Prefix = { network: 0, mask: 0 };

/** What each application lists, by its id. */
const listed = new Map<
  string,
  { readonly accountId: string; readonly allowedSources: readonly Ipv4Prefix[] }
>();
/** The applications whose list is not in force, by their ids. */
const unlisted = new Set<string>();

export default faultsOf('sip.ip.not-listed', [
  {
    id: 'unlisted-source-403',
    sentence: 'A call from an address that is not listed is refused with 403 instead of 401.',
    collateral: {
      'app.patch.atomic': 'it asks for a refusal of an address that is not listed',
      'app.reenable.fresh': 'it asks for a refusal of an address that is not listed',
      'app.enable.layered': 'it asks for a refusal of an address that is not listed',
      'app.password-off': 'it asks for a refusal of an address that is not listed',
      'app.rotate.keeps-rest': 'it asks for a refusal of an address that is not listed',
      'app.source-ips.replaced-whole': 'it asks for a refusal of an address that is not listed',
      'sip.ip.prefix-edges': 'the addresses beside a prefix are not listed',
      'sip.layered.ip-fails': 'its address is not listed',
      'sip.source-ips.update': 'an address that has left the list is not listed',
      'sip.refusal.www-authenticate': 'one of its refusals is for an address that is not listed',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'source-not-allowed'
        ? { action: 'refuse', status: 403, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'unlisted-source-challenged',
    sentence:
      'A call from an address that is not listed is challenged although the application has no password.',
    collateral: {
      'app.patch.atomic': 'it asks for a refusal of an address that is not listed',
      'app.reenable.fresh': 'it asks for a refusal of an address that is not listed',
      'app.password-off': 'it asks for a refusal of an address that is not listed',
      'app.source-ips.replaced-whole': 'it asks for a refusal of an address that is not listed',
      'sip.ip.prefix-edges': 'the addresses beside a prefix are not listed',
      'sip.source-ips.update': 'an address that has left the list is not listed',
      'sip.refusal.www-authenticate': 'one of its refusals is for an address that is not listed',
    },
    override: decidedOtherwise((decision, { request }, { directory }) =>
      decision.reason === 'source-not-allowed' && directory.find(request.uri.user ?? '')?.credential === null
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
  {
    id: 'list-of-another-account-in-force',
    sentence: 'A list of sources lets in what applications of other accounts list, too.',
    override: {
      ...patchedOtherwise((outcome, { current: { applicationId, accountId } }) => {
        const allowedSources = outcome.next?.inbound?.allowedSources;
        if (allowedSources !== undefined) listed.set(applicationId, { accountId, allowedSources });
        return outcome;
      }),
      ...foundOtherwise((settings) => {
        if (settings === undefined || settings.allowedSources.length === 0) return settings;
        const own = listed.get(settings.applicationId)?.accountId;
        const foreign = [...listed.values()].filter(({ accountId }) => accountId !== own);
        const allowedSources = [settings, ...foreign].flatMap((one) => one.allowedSources);
        return { ...settings, allowedSources };
      }),
    },
  },
  {
    id: 'list-of-a-renaming-patch-not-in-force',
    sentence: 'The list of sources of a PATCH that renames the application is shown, and not in force.',
    override: {
      ...patchedOtherwise((outcome, { current: { applicationId }, patch }) => {
        if (outcome.next && patch.allowedSourceIps !== undefined) {
          if (patch.applicationName === undefined) unlisted.delete(applicationId);
          else unlisted.add(applicationId);
        }
        return outcome;
      }),
      ...foundOtherwise((settings) =>
        settings && unlisted.has(settings.applicationId)
          ? { ...settings, allowedSources: settings.allowedSources.map(() => EVERYBODY) }
          : settings,
      ),
    },
  },
]);
