import { decide } from '../../impl/edge/policy.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'layered-list-ignored',
  rule: 'app.enable.layered',
  sentence: 'With a password in force the source addresses are not looked at.',
  collateral: {
    'app.rotate.keeps-rest': 'it calls from an address that is not listed, with the password',
    'app.source-ips.replaced-whole': 'it calls from an address that is not listed, with the password',
    'sip.layered.ip-fails': 'the same rule, seen on the wire',
  },
  override: edgeWith({
    decide: (arrival, view, now) =>
      decide(
        arrival,
        {
          ...view,
          regionOf: (source) => view.regionOf(source),
          directory: {
            find(user) {
              const settings = view.directory.find(user);
              return settings?.credential ? { ...settings, allowedSources: [] } : settings;
            },
          },
        },
        now,
      ),
  }),
} satisfies Fault;
