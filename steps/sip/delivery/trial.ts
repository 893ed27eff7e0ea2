import { createEnabledApplication, passwordOf } from '../../../harness/clients/application.ts';
import { askerOf, titleOf } from '../../../harness/model/delivery.ts';
import type { DeliveryRow } from '../../../harness/model/delivery_rows.ts';
import { CalledSide } from '../../../harness/traffic/called_side.ts';
import type { Passage } from '../../../harness/traffic/forwarding/passage.ts';
import { StandIn } from '../../../harness/traffic/forwarding/stand_in.ts';
import { HarnessError } from '../../../harness/verdict.ts';
import type { ConformanceWorld } from '../../world.ts';
import type { Identity } from '../decision/applications.ts';
import { IssuedNonces, proofLine } from '../decision/nonces.ts';
import { userOf } from '../dial.ts';
import { conversation, type Setting, type TableCaller } from './parties.ts';

/** Calls that are made beside each other, each with a nonce of its own. */
const BATCH = 8;

/** Tries rows of the table of messages: each call has rows that share their cargo. */
export class DeliveryTrial {
  readonly #world: ConformanceWorld;

  constructor(world: ConformanceWorld) {
    this.#world = world;
  }

  /** What came of each row, or of the first ones up to a message that is lost. */
  async tried(rows: readonly DeliveryRow[]): Promise<readonly Passage[]> {
    const { parameters, bench, api, randomness } = this.#world;
    const { place, descriptor } = parameters;
    if (!place.platform) throw new HarnessError('nobody of ours stands where calls are delivered');
    const patienceMs = descriptor.timeouts.answer.ms;
    const application = await createEnabledApplication(api, { passwordAuthEnabled: true });
    const identity = { user: userOf(this.#world, application), password: passwordOf(application) };
    const called = await CalledSide.open(place.platform.host, patienceMs);
    this.#world.ending.addEventListener('abort', () => called.close());
    const service = { address: place.sip.host, port: place.sip.port };
    const standIn = new StandIn(bench.witnesses, service, patienceMs);
    const { realm } = descriptor;
    const common = { called, standIn, uri: `sip:${identity.user}@${realm}`, realm, randomness };
    const all: Passage[] = [];
    for (const [transport, some] of Map.groupBy(rows, (row) => row.transport)) {
      const setting = { ...common, caller: await this.#caller(transport) };
      const calls = callsOf(some);
      for (let begin = 0; begin < calls.length; begin += BATCH) {
        all.push(...(await this.#batch(setting, calls.slice(begin, begin + BATCH), identity)));
        // Each lost message is waited for: a service that loses one shall not cost the patience for all.
        if (all.some(isLost)) return all;
      }
    }
    return all;
  }

  async #batch(
    setting: Setting,
    calls: readonly (readonly DeliveryRow[])[],
    identity: Identity,
  ): Promise<readonly Passage[]> {
    const { caller, uri, realm, randomness } = setting;
    const fresh = await new IssuedNonces(this.#world, caller, identity, randomness).fresh(calls.length);
    const conversations = calls.map((rows, index) => {
      const proof = proofLine({ ...identity, realm, uri, nonce: fresh[index] ?? '', qop: 'none' });
      return conversation(setting, rows, proof.replace(/^[^:]*: /, ''));
    });
    await Promise.all(conversations.map((one) => one.hold()));
    await this.#world.bench.witnesses.capture?.settle();
    return (await Promise.all(conversations.map((one) => one.passages()))).flat();
  }

  #caller(transport: DeliveryRow['transport']): Promise<TableCaller> {
    return transport === 'TCP' ? this.#world.preparedStreamCaller() : this.#world.rawCaller();
  }
}

function isLost({ sent, came, refusal }: Passage): boolean {
  return sent !== undefined && came === undefined && refusal === undefined;
}

/** Rows with one cargo, divided into calls: no message comes twice in a call, and only one side ends it. */
function callsOf(rows: readonly DeliveryRow[]): readonly (readonly DeliveryRow[])[] {
  const sharing = Map.groupBy(rows, ({ course, cargo }) => `${course} ${cargo.name}`);
  return [...sharing.values()].flatMap((some) => {
    const calls: DeliveryRow[][] = [];
    for (const row of some) {
      const call = calls.find((one) => one.every((other) => canShare(row, other)));
      if (call) call.push(row);
      else calls.push([row]);
    }
    return calls;
  });
}

function canShare({ message: one }: DeliveryRow, { message: other }: DeliveryRow): boolean {
  if (titleOf(one) === titleOf(other)) return false;
  return one.method !== 'BYE' || other.method !== 'BYE' || askerOf(one) === askerOf(other);
}
