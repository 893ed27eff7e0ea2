import { Then, When, type DataTable } from '@cucumber/cucumber';

import { reachedOtherSide } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf, type ToldCall } from './told_call.ts';

/** Who sends a request, and how. */
const SENDER =
  /^of the (?<side>caller|called side)(?<bare>, without Contact)?(?:, refused with (?<statusLine>.+))?$/;

/** Sends a request of one side, and resolves with it as the other gets it; undefined where it never does. */
function sent(call: ToldCall, who: string, method: string): ReturnType<ToldCall['askCaller']> {
  const { side, bare, statusLine } = SENDER.exec(who)?.groups ?? {};
  const how = statusLine === undefined ? {} : { statusLine };
  if (side === 'caller' && bare === undefined) return call.askCalled(method, statusLine);
  if (side === 'called side') return call.askCaller(method, { ...how, isWithoutContact: bare !== undefined });
  throw new HarnessError(`nobody who sends a request is called "${who}"`);
}

/** Rules: hard.restart, sip.dialog.in-route, sip.tcp. */
Then(
  'these requests of that call reach its other side',
  async function (this: ConformanceWorld, table: DataTable) {
    for (const [who = '', method = ''] of table.raw())
      must(reachedOtherSide(await sent(toldCallOf(this), who, method), `${method} ${who}`));
  },
);

When('the called side moves to another port', async function (this: ConformanceWorld) {
  await toldCallOf(this).move(this);
});
