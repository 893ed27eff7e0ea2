import { Then, When } from '@cucumber/cucumber';

import { finalOf } from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { allowsSomething } from '../../harness/expect/transactions.ts';
import { uriOf } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: sip.methods. */
When('REGISTER comes with an invented To tag', async function (this: ConformanceWorld) {
  const caller = await this.rawCaller();
  const uri = `sip:${this.parameters.descriptor.realm}`;
  const lines = caller.lines({ method: 'REGISTER', uri, to: `<${uriOf(this)}>;tag=invented` });
  await this.attempt(caller, { 'REGISTER with a To tag': lines });
});

Then('it is answered with 405, and the answer lists the methods allowed', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, (attempt) => allowsSomething(finalOf(attempt))));
});
