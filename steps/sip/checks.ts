import { Then, When, type DataTable } from '@cucumber/cucumber';

import { requestKeptOut, stemming } from '../../harness/expect/attempts.ts';
import { extensionsRefused } from '../../harness/expect/hop_by_hop.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { dialogLines } from '../../harness/traffic/raw_call.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { callOf } from '../hard/calls.ts';
import { authorization, inviteLines, knockLines, nonceFor, octetsIn } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: sip.dialog.checks. */
When(
  'INVITEs come with the right password, and with Proxy-Require',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const [line = ''] of table.raw()) {
      const lines = knockLines(this, caller, { nonce: await nonceFor(this, caller, 'unseen') });
      invites[line] = { ...lines, others: [...lines.others, octetsIn(line)] };
    }
    await this.attempt(caller, invites);
  },
);

When('INVITEs come with the right password, to', async function (this: ConformanceWorld, table: DataTable) {
  const caller = await this.rawCaller();
  const invites: Record<string, RawLines> = {};
  for (const [uri = ''] of table.raw()) {
    const lines = inviteLines(this, caller);
    const nonce = await nonceFor(this, caller, 'unseen');
    const others = [...lines.others, authorization(this, { nonce, uri })];
    invites[uri] = { ...lines, uri, others };
  }
  await this.attempt(caller, invites);
});

When(
  /^the caller sends (.+) of that call, (with Proxy-Require|to)$/,
  async function (this: ConformanceWorld, methods: string, what: string, table: DataTable) {
    const { dialog, caller } = callOf(this);
    const shapes = methods
      .split(/, | and /)
      .flatMap((method) => table.raw().map(([odd = '']) => ({ method, odd })));
    const round = shapes.map(async ({ method, odd }, index) => {
      // Each from a port of its own: their answers all have the call's Call-ID.
      const as = await this.rawCaller(caller.local.address);
      const lines = dialogLines(as, dialog, method, 77 + index);
      const request =
        what === 'to' ? { ...lines, uri: odd } : { ...lines, others: [...lines.others, octetsIn(odd)] };
      return as.attempt({ [`${method}, ${what} ${odd}`]: request });
    });
    const result = (await Promise.all(round)).flat().map(stemming);
    this.exchanges.push({ kind: 'round', result });
  },
);

Then('no request of these is passed on', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, requestKeptOut));
});

Then('each is answered with 420, and Unsupported lists what it asked for', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, extensionsRefused));
});
