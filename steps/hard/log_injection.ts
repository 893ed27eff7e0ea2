import { Then, When } from '@cucumber/cucumber';

import {
  forgedDatagram,
  forgedCall,
  forgedLine,
  type ForgedLine,
} from '../../harness/clients/forged_line.ts';
import { notForged } from '../../harness/expect/log_records.ts';
import { must } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { targetLogOf } from './target_log.ts';

const forged = new WeakMap<ConformanceWorld, ForgedLine>();

/** Rule: hard.log.injection. */
When(
  /^a forged log line comes in (a .+) of the API$/,
  async function (this: ConformanceWorld, place: string) {
    const line = forgedLine(this.randomness);
    const call = forgedCall(line, place, this.application.id);
    if (!call) throw new HarnessError(`no line can be sent in ${place}`);
    forged.set(this, line);
    this.answer = await this.api.send(call);
  },
);

/** Rule: hard.log.injection. */
When(/^a forged log line comes in (a .+) of SIP$/, async function (this: ConformanceWorld, place: string) {
  const line = forgedLine(this.randomness);
  const user = this.application.uriUser ?? this.application.id;
  const to = { user, domain: this.parameters.descriptor.realm };
  const datagram = forgedDatagram(line, place, to, this.randomness);
  if (!datagram) throw new HarnessError(`no line can be sent in ${place}`);
  forged.set(this, line);
  await this.sendRaw(datagram.octets, datagram.number, false);
});

Then("the target's log has no such line", async function (this: ConformanceWorld) {
  const line = forged.get(this);
  if (!line) throw new HarnessError('no line was sent');
  const log = await targetLogOf(this);
  if (log === 'skipped') return log;
  must(notForged(log.lines, line, log.file));
  return undefined;
});
