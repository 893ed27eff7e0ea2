import { Then, When } from '@cucumber/cucumber';

import { must } from '../../harness/expect/match.ts';
import { refusedAlike } from '../../harness/expect/refusals_alike.ts';
import type { Attempt } from '../../harness/traffic/attempt.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { inviteLines } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

const UNKNOWN = 'nobody';

function isUnknown({ name }: Attempt): boolean {
  return name.startsWith(UNKNOWN);
}

/** Rule: sip.unknown-application. */
When(
  'it and applications that do not exist are called without credentials, in turn {int} times',
  async function (this: ConformanceWorld, times: number) {
    const caller = await this.rawCaller();
    const calls: Record<string, RawLines> = {};
    for (let time = 1; time <= times; time++) {
      calls[`it, ${time}`] = inviteLines(this, caller);
      calls[`${UNKNOWN}, ${time}`] = inviteLines(this, caller, 'reject', this.randomness.uuid());
    }
    await this.attempt(caller, calls, { order: 'one by one' });
  },
);

Then('nobody could tell the two kinds of refusals apart', function (this: ConformanceWorld) {
  const ones = this.lastRound.filter((attempt) => !isUnknown(attempt));
  must(refusedAlike(ones, this.lastRound.filter(isUnknown)));
});
