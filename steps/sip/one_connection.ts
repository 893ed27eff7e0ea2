import { Then, When } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { formerPasswordOf, passwordOf } from '../../harness/clients/application.ts';
import { challengeIn } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { inTurn, isLetIn, isOutcome } from '../../harness/expect/one_connection.ts';
import type { ListeningCaller } from '../../harness/traffic/listening_caller.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import { inviteLines, knockLines } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

interface Connection {
  readonly caller: ListeningCaller;
  readonly answers: (WireMessage | undefined)[];
}

const connections = new WeakMap<ConformanceWorld, Connection>();

/** The scenario's connection; opened by its first call. */
async function connectionOf(world: ConformanceWorld): Promise<Connection> {
  const known = connections.get(world);
  if (known) return known;
  const opened = { caller: await world.preparedListeningCaller(), answers: [] };
  connections.set(world, opened);
  return opened;
}

/** The final answer to an INVITE over the connection. */
function finalTo({ caller }: Connection, invite: RawLines): Promise<WireMessage | undefined> {
  caller.send(written(invite));
  return caller.until(
    ({ callId, status = 0 }) => status >= 200 && callId !== undefined && invite.callIds.includes(callId),
  );
}

/** Rules: app.rotate.old-dies-at-once, sip.source-ips.update. */
When('it is called over one TCP connection without credentials', async function (this: ConformanceWorld) {
  const connection = await connectionOf(this);
  connection.answers.push(await finalTo(connection, inviteLines(this, connection.caller)));
});

When(
  /^it is called over one TCP connection with its (former )?password$/,
  async function (this: ConformanceWorld, former: string | null) {
    const connection = await connectionOf(this);
    const { application } = this;
    const password = former === null ? passwordOf(application) : formerPasswordOf(application);
    const challenge = challengeIn(await finalTo(connection, inviteLines(this, connection.caller)));
    const nonce = challenge?.parameters.get('nonce');
    if (nonce === undefined) throw new BrokenPrecondition('sip.tcp', 'there was no challenge over TCP');
    const invite = knockLines(this, connection.caller, { nonce, count: 1, password });
    connection.answers.push(await finalTo(connection, invite));
  },
);

Then(
  /^those calls are in turn (let in(?:, (?:let in|refused))*)$/,
  function (this: ConformanceWorld, outcomes: string) {
    const answers = connections.get(this)?.answers;
    if (answers === undefined) throw new HarnessError('there was no call over a connection');
    const [first] = answers;
    if (!isLetIn(first)) {
      const came = `the first call over TCP got ${first?.startLine ?? 'no final answer'}`;
      throw new BrokenPrecondition('sip.tcp', came);
    }
    must(inTurn(answers, outcomes.split(', ').filter(isOutcome)));
  },
);
