import { Then, When, type DataTable } from '@cucumber/cucumber';

import { refusedWith } from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { authorization, inviteLines, nonceFor, withOtherDigits } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

/** Which of the 32 digits of an MD5 digest are wrong, from the first to before the last, by the words features use. */
const WRONG_DIGITS: ReadonlyMap<string, readonly [from: number, to: number]> = new Map([
  ['the first', [0, 1]],
  ['the last', [31, 32]],
  ['one in the middle', [15, 16]],
  ['the first half', [0, 16]],
  ['the second half', [16, 32]],
  ['the last quarter', [24, 32]],
  ['all but the first', [1, 32]],
  ['all but the last', [0, 31]],
]);

/** Rule: sip.auth.wrong-password. */
When(
  'it is called with digests of which these digits are wrong, each to a fresh challenge',
  async function (this: ConformanceWorld, table: DataTable) {
    const round = table.raw().map(async ([name = '']) => {
      const digits = WRONG_DIGITS.get(name);
      if (digits === undefined) throw new HarnessError(`no digits of a digest are called "${name}"`);
      const caller = await this.rawCaller();
      const nonce = await nonceFor(this, caller, 'unseen');
      const lines = inviteLines(this, caller);
      const wrong = withOtherDigits(authorization(this, { nonce, count: 1 }), ...digits);
      return caller.attempt({ [`${name} wrong`]: { ...lines, others: [...lines.others, wrong] } });
    });
    this.exchanges.push({ kind: 'round', result: (await Promise.all(round)).flat() });
  },
);

Then('each is refused with {int}', function (this: ConformanceWorld, status: number) {
  must(ofEach(this.lastRound, (attempt) => refusedWith(attempt, status)));
});
