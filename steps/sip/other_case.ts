import { When, type DataTable } from '@cucumber/cucumber';

import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { authorization, inviteLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { userOf } from './dial.ts';

/** Where an INVITE names the application. */
interface Named {
  readonly requestUri: string;
  readonly to: string;
  readonly user: string;
}

/** Who is named where, by the row of a feature: the name as it is, and in capitals. */
const PLACES: Readonly<Record<string, (name: string, capitals: string) => Named>> = {
  'To alone': (name, capitals) => ({ requestUri: name, to: capitals, user: name }),
  'all but To': (name, capitals) => ({ requestUri: capitals, to: name, user: capitals }),
  'the Request-URI alone': (name, capitals) => ({ requestUri: capitals, to: name, user: name }),
  'all but the Request-URI': (name, capitals) => ({ requestUri: name, to: capitals, user: capitals }),
  'the user name alone': (name, capitals) => ({ requestUri: name, to: name, user: capitals }),
};

/** Rules: sip.identity.auth-user, sip.identity.request-uri, sip.identity.to. */
When(
  'INVITEs come with the right password, and with its name in capitals in',
  async function (this: ConformanceWorld, table: DataTable) {
    const name = userOf(this, this.application);
    const capitals = name.toUpperCase();
    if (capitals === name)
      return this.withhold({
        verdict: 'inconclusive',
        reason: `"${name}" has no other spelling in capitals`,
      });
    const caller = await this.rawCaller();
    const { realm } = this.parameters.descriptor;
    const invites: Record<string, RawLines> = {};
    for (const [place = ''] of table.raw()) {
      const named = PLACES[place]?.(name, capitals);
      if (!named) throw new HarnessError(`no place is called "${place}"`);
      const uri = `sip:${named.requestUri}@${realm}`;
      const lines = inviteLines(this, caller, 'reject', named.requestUri);
      const nonce = await nonceFor(this, caller, 'unseen');
      const proof = authorization(this, { nonce, count: 1, user: named.user, uri });
      invites[place] = {
        ...lines,
        to: `To: <sip:${named.to}@${realm}>`,
        others: [...lines.others, proof],
      };
    }
    await this.attempt(caller, invites);
    return undefined;
  },
);
