import type { Credential } from '../../impl/store/model/inbound_settings.ts';
import { decide } from '../../impl/edge/policy.ts';
import { edgeWith, patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const former = new Map<string, Credential>();

export default {
  id: 'both-passwords-alive',
  rule: 'app.rotate.old-dies-at-once',
  sentence: 'After a rotation the old password is as good as the new one.',
  collateral: { 'app.rotate.new-password': 'it calls with the old one too' },
  override: {
    ...patchedOtherwise((outcome, { current }) => {
      const credential = outcome.next?.inbound?.credential && current.inbound?.credential;
      if (credential && outcome.next?.inbound?.credential !== credential)
        former.set(current.applicationId, credential);
      return outcome;
    }),
    ...edgeWith({
      decide(arrival, view, now) {
        const decision = decide(arrival, view, now);
        if (decision.reason !== 'digest-wrong') return decision;
        const find = (user: string) => {
          const settings = view.directory.find(user);
          const credential = settings && former.get(settings.applicationId);
          return settings && credential ? { ...settings, credential } : settings;
        };
        const { realm, loops, nonces, nonceCounts } = view;
        const regionOf = view.regionOf.bind(view);
        return decide(arrival, { realm, loops, nonces, nonceCounts, regionOf, directory: { find } }, now);
      },
    }),
  },
} satisfies Fault;
