import { Then, When, type DataTable } from '@cucumber/cucumber';

import { nobodyElseAsked, unrouted } from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import type { ConformanceWorld } from '../world.ts';
import { routes } from './disguises.ts';
import { knockLines, nonceFor } from './knock.ts';

/** Rule: hard.route.preloaded. */
When(
  'INVITEs come with the right password, and with',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const [name = ''] of table.raw()) {
      const lines = knockLines(this, caller, { nonce: await nonceFor(this, caller, 'unseen') });
      invites[name] = { ...lines, others: [...lines.others, ...routes(this, name)] };
    }
    await this.attempt(caller, invites);
  },
);

Then('each reaches the voice platform without its Route, or is refused', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, unrouted));
});

Then('nobody but the voice platform is sent anything', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, nobodyElseAsked));
});
