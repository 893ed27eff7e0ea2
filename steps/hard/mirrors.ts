import { Then, When } from '@cucumber/cucumber';

import { gotThrough } from '../../harness/expect/attempts.ts';
import { loopEnded, spiralTolerated } from '../../harness/expect/loops.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { withHops, type RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { inviteLines, knockLines, nonceFor } from './knock.ts';

/** What the voice platform's stand-in makes of a call that it sends back, by the name a feature gives it. */
const MIRRORS: Readonly<Record<string, (world: ConformanceWorld) => string>> = {
  unchanged: () => 'mirror',
  'under the two forms of its name in turn'({ application, parameters }) {
    const forms = [application.id, application.uriUser ?? application.id];
    return `mirror ${forms.map((user) => `sip:${user}@${parameters.descriptor.realm}`).join(' ')}`;
  },
  'under a new Request-URI each time': () => 'mirror ever new',
};

function mirrored(lines: RawLines, subject: string): RawLines {
  return {
    ...lines,
    others: lines.others.map((line) => line.replace(/^Subject: .*/, `Subject: ${subject}`)),
  };
}

/** Rules: hard.loop.amplification, sip.loop. */
When(
  /^it is called with( its password and)? Max-Forwards (\d+)(, by a Route that names the service)?, and the called side sends the call back, (.+)$/,
  async function (
    this: ConformanceWorld,
    password: string | null,
    hops: string,
    route: string | null,
    how: string,
  ) {
    const subject = MIRRORS[how]?.(this);
    if (subject === undefined) throw new HarnessError(`no way to send a call back is called "${how}"`);
    const caller = await this.rawCaller();
    const lines =
      password === null
        ? inviteLines(this, caller, undefined, this.application.id)
        : knockLines(this, caller, { nonce: await nonceFor(this, caller, 'unseen') });
    const { host, port } = this.parameters.place.sip;
    const first = route === null ? [] : [`Route: <sip:${host}:${port};lr>`];
    const call = { ...withHops(mirrored(lines, subject), hops), first };
    await this.attempt(caller, { 'the call that comes back': call });
    must(ofEach(this.lastRound, gotThrough));
  },
);

Then(
  'it ends in 482 or 483, after at most {int} INVITEs to the called side',
  function (this: ConformanceWorld, most: number) {
    must(ofEach(this.lastRound, (attempt) => loopEnded(attempt, most)));
  },
);

/** Rule: sip.loop. */
Then('what comes back is not taken for a loop', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, spiralTolerated));
});
