import { Then, When, type DataTable } from '@cucumber/cucumber';

import { must, ofEach } from '../../harness/expect/match.ts';
import { keptAliveBehind, streamKeptAlive } from '../../harness/expect/raw.ts';
import { cutsIn, sendCut, type CutMessages, type CutPlace } from '../../harness/traffic/cut_messages.ts';
import { written, type NamedLines } from '../../harness/traffic/raw_request.ts';
import type { StreamCaller } from '../../harness/traffic/stream_caller.ts';
import { inviteLines, octetsIn } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial, SCENARIOS, WRONG_PASSWORD } from './dial.ts';

When('a client sends OPTIONS to the service over TCP', async function (this: ConformanceWorld) {
  await this.place({ scenario: `${SCENARIOS}/options.xml`, transport: 'tcp' });
});

When('it is called over TCP with its password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, transport: 'tcp' });
});

When('it is called over TCP with a wrong password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, password: WRONG_PASSWORD, transport: 'tcp' });
});

When(
  'it is called over TCP with its password, and the called side hangs up',
  async function (this: ConformanceWorld) {
    await dial(this, { scenario: 'invite-hung-up', credentialsOf: this.application, transport: 'tcp' });
  },
);

/** Rule: sip.tcp. */
When(
  /^a client sends (\d+) OPTIONS over one connection, (all in one segment|an octet a segment)$/,
  async function (
    this: ConformanceWorld,
    count: string,
    segmentation: 'all in one segment' | 'an octet a segment',
  ) {
    await this.sendOptionsOverTcp(Number(count), segmentation);
  },
);

/** The shortest session description that offers nothing (RFC 8866 section 5). */
const SESSION = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0', ''].join('\r\n');

function inviteWithSession(
  world: ConformanceWorld,
  caller: StreamCaller,
  name: string,
  lengthName = 'Content-Length: ',
): NamedLines {
  const lines = inviteLines(world, caller);
  const others = [...lines.others, 'Content-Type: application/sdp'];
  return [name, { ...lines, others, contentLength: `${lengthName}${SESSION.length}`, body: SESSION }];
}

/** Rule: sip.tcp. */
When(
  /^INVITEs come over TCP without credentials, each (alone|behind another one) and cut in two at another octet of (.+)$/,
  async function (this: ConformanceWorld, where: 'alone' | 'behind another one', place: CutPlace) {
    const probe = await this.rawCaller();
    const [, model] = inviteWithSession(this, await this.streamCaller('a caller'), '');
    const cut = cutsIn(written(model), place).map(async (_, index, { length }): Promise<CutMessages> => {
      const caller = await this.streamCaller('a caller');
      const name = `cut ${index + 1} of ${length}`;
      const whole = where === 'alone' ? [] : [inviteWithSession(this, caller, `the one before ${name}`)];
      const last = inviteWithSession(this, caller, name);
      return { caller, whole, last, at: cutsIn(written(last[1]), place)[index] ?? 0 };
    });
    const result = await sendCut(await Promise.all(cut), () => probe.alive());
    this.exchanges.push({ kind: 'round', result });
  },
);

/** Rule: sip.tcp. */
When(
  'INVITEs come over TCP without credentials, two in one segment, with this in front of the length of both',
  async function (this: ConformanceWorld, table: DataTable) {
    const probe = await this.rawCaller();
    const pairs = table.raw().map(async ([form = '']): Promise<CutMessages> => {
      const caller = await this.streamCaller('a caller');
      const invite = (which: string): NamedLines =>
        inviteWithSession(this, caller, `the ${which} with ${form}`, octetsIn(form));
      const last = invite('second');
      return { caller, whole: [invite('first')], last, at: written(last[1]).length };
    });
    const result = await sendCut(await Promise.all(pairs), () => probe.alive());
    this.exchanges.push({ kind: 'round', result });
  },
);

Then(
  'an OPTIONS behind each is answered with 200 {string}',
  function (this: ConformanceWorld, reason: string) {
    must(ofEach(this.lastRound, (attempt) => keptAliveBehind(attempt, reason)));
  },
);

Then(
  '{int} answers come over it, each 200 {string}',
  function (this: ConformanceWorld, count: number, reason: string) {
    must(streamKeptAlive(this.stream, count, reason));
  },
);
