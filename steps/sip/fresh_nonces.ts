import { Then, When } from '@cucumber/cucumber';

import { noncesOfTheirOwn } from '../../harness/expect/challenges.ts';
import { must } from '../../harness/expect/match.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { inviteLines, knockLines, nonceFor, uriOf } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { WRONG_PASSWORD } from './dial.ts';

/** Rule: sip.challenge.fresh-nonce. */
When(
  'it is called {int} times without credentials under one Call-ID',
  async function (this: ConformanceWorld, times: number) {
    const caller = await this.rawCaller();
    const uri = uriOf(this);
    const first = inviteLines(this, caller);
    const callId = first.callIds[0] ?? '';
    const fromTag = /tag=(.*)/.exec(first.from)?.[1] ?? '';
    for (let cseq = 1; cseq <= times; cseq++) {
      const shape = { method: 'INVITE', uri, to: `<${uri}>`, cseq, callId, fromTag };
      caller.send(written(caller.lines({ ...shape, others: ['Subject: reject'] })));
      await caller.until(
        (message) =>
          (message.status ?? 0) >= 200 && message.callId === callId && message.cseq?.number === cseq,
      );
    }
    await this.keep(caller, `${times} INVITEs`, first);
  },
);

When(
  '{int} INVITEs come at once, without credentials',
  async function (this: ConformanceWorld, times: number) {
    const caller = await this.rawCaller();
    const numbers = Array.from({ length: times }, (_, index) => `INVITE ${index + 1}`);
    await this.attempt(caller, Object.fromEntries(numbers.map((name) => [name, inviteLines(this, caller)])));
  },
);

When(
  'it is called without credentials and with a wrong password, in turn {int} times',
  async function (this: ConformanceWorld, times: number) {
    const caller = await this.rawCaller();
    const calls: Record<string, RawLines> = {};
    for (let time = 1; time <= times; time++) {
      const nonce = await nonceFor(this, caller, 'unseen');
      calls[`without credentials, ${time}`] = inviteLines(this, caller);
      calls[`with a wrong password, ${time}`] = knockLines(this, caller, {
        nonce,
        password: WRONG_PASSWORD,
      });
    }
    await this.attempt(caller, calls);
  },
);

Then(
  '{int} are challenged, and each challenge and refusal has a nonce of its own',
  function (this: ConformanceWorld, times: number) {
    must(noncesOfTheirOwn(this.lastRound, times));
  },
);
