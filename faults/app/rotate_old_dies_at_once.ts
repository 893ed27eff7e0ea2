import type { Credential, InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import { decidedIn, decidedOtherwise, faultsOf, patchedOtherwise, storeWith } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

/** The credentials before the last rotation, by applicationId. */
const formerCredentials = new Map<string, Credential>();

/** How long the edge keeps what it has read. */
const LAG_MS = 1000;

export default faultsOf('app.rotate.old-dies-at-once', [
  {
    id: 'both-passwords-alive',
    sentence: 'After a rotation the old password is as good as the new one.',
    collateral: { 'app.rotate.new-password': 'it calls with the old one too' },
    override: {
      ...patchedOtherwise((outcome, { current }) => {
        const credential = outcome.next?.inbound?.credential && current.inbound?.credential;
        if (credential && outcome.next?.inbound?.credential !== credential)
          formerCredentials.set(current.applicationId, credential);
        return outcome;
      }),
      ...decidedOtherwise((decision, arrival, view, now) => {
        if (decision.reason !== 'digest-wrong') return decision;
        const find = (user: string) => {
          const settings = view.directory.find(user);
          const credential = settings && formerCredentials.get(settings.applicationId);
          return settings && credential ? { ...settings, credential } : settings;
        };
        return decidedIn({ ...view, directory: { find } }, arrival, now);
      }),
    },
  },
  {
    id: 'old-password-alive-after-rotation',
    sentence: 'The edge hears of a change of an application up to a second after the API has answered it.',
    collateral: {
      'app.password-off': 'turning the password off is a change like any other',
      'app.source-ips.replaced-whole': 'the addresses are a change like any other',
      'app.disable.kills-credential': 'disabling is a change like any other',
      'app.reenable.fresh': 'enabling is a change like any other',
      'sip.region.update': 'the regions are a change like any other',
      'sip.source-ips.update': 'the addresses are a change like any other',
    },
    override: storeWith(({ inbound }) => {
      const known = new Map<
        string,
        { readonly settings: InboundSettings | undefined; readonly at: number }
      >();
      return {
        inbound: {
          find(user) {
            const cached = known.get(user);
            if (cached !== undefined && Date.now() - cached.at < LAG_MS) return cached.settings;
            const settings = inbound.find(user);
            known.set(user, { settings, at: Date.now() });
            return settings;
          },
        },
      };
    }),
  },
  {
    id: 'old-password-alive-at-sip-uri',
    sentence:
      'After a rotation the old password goes on, and the new one does not, where the user name is that of the SIP URI.',
    collateral: { 'app.rotate.keeps-rest': 'it calls at the SIP URI, with the new one' },
    override: inboundOtherwise(({ credential }, { current }, oneTimePassword) => {
      const former = current.inbound?.credential;
      const isRotated = former && credential && oneTimePassword !== undefined;
      return isRotated ? { credential: { ...credential, uriUser: former.uriUser } } : undefined;
    }),
  },
  {
    id: 'rotation-beside-another-field-only-told',
    sentence: 'A rotation together with another field tells a new password, but the old one stays in force.',
    override: inboundOtherwise((_, { current, patch }, oneTimePassword) => {
      const credential = current.inbound?.credential;
      const isAlone = Object.values(patch).filter((value) => value !== undefined).length === 1;
      return credential && oneTimePassword !== undefined && !isAlone ? { credential } : undefined;
    }),
  },
]);
