import { Then, When, type DataTable } from '@cucumber/cucumber';

import { reachedOtherSide } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf, type ToldCall } from './told_call.ts';

/** Sends a request of one side, and resolves with it as the other gets it, by who sends it and how. */
const SENDERS: Readonly<
  Record<string, (call: ToldCall, method: string) => ReturnType<ToldCall['askCaller']>>
> = {
  'of the caller': (call, method) => call.askCalled(method),
  'of the called side': (call, method) => call.askCaller(method),
  'of the called side, without Contact': (call, method) => call.askCaller(method, { isWithoutContact: true }),
};

/** Rules: hard.restart, sip.dialog.in-route, sip.tcp. */
Then(
  'these requests of that call reach its other side',
  async function (this: ConformanceWorld, table: DataTable) {
    for (const [who = '', method = ''] of table.raw()) {
      const came = await SENDERS[who]?.(toldCallOf(this), method);
      if (!SENDERS[who]) throw new HarnessError(`nobody who sends a request is called "${who}"`);
      must(reachedOtherSide(came, `${method} ${who}`));
    }
  },
);

When('the called side moves to another port', async function (this: ConformanceWorld) {
  await toldCallOf(this).move(this);
});
