import { Given, Then, When } from '@cucumber/cucumber';

import { challengeIn } from '../../harness/expect/attempts.ts';
import {
  answeredOverOpenConnection,
  servedAsBefore,
  servedAtOnce,
  type CustomersCall,
} from '../../harness/expect/floods.ts';
import { must } from '../../harness/expect/match.ts';
import { HeldConnections, strangersRequest } from '../../harness/traffic/flood.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { StreamCaller } from '../../harness/traffic/stream_caller.ts';
import { answeredAtLast } from '../../harness/traffic/timed.ts';
import { HarnessError, RuleViolation } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { flood, untilOver, withheldOutsideLab } from './floods.ts';
import { inviteLines, knockLines, uriOf } from './knock.ts';

interface Customer {
  readonly caller: RawCaller;
  readonly calls: CustomersCall[];
}

const customers = new WeakMap<ConformanceWorld, Customer>();
const connected = new WeakMap<ConformanceWorld, { readonly who: string; readonly caller: StreamCaller }>();
const held = new WeakMap<ConformanceWorld, HeldConnections>();
/** RFC 5626 section 3.5.1. */
const PING = '\r\n\r\n';
const CONNECTIONS_A_SECOND = 1_500;

/** Calls the application as a customer does: asked for its credentials, it gives them. */
async function customersCall(
  world: ConformanceWorld,
  caller: RawCaller,
  when: CustomersCall['when'],
): Promise<CustomersCall> {
  const first = await answeredAtLast(caller, inviteLines(world, caller));
  const nonce = challengeIn(first?.answer)?.parameters.get('nonce');
  if (!first || nonce === undefined) return { when, status: first?.answer.status, ms: first?.ms ?? Infinity };
  const second = await answeredAtLast(caller, knockLines(world, caller, { nonce, count: 1 }));
  return { when, status: second?.answer.status, ms: Math.max(first.ms, second?.ms ?? Infinity) };
}

function customerOf(world: ConformanceWorld): Customer {
  const customer = customers.get(world);
  if (!customer) throw new HarnessError('the scenario has no customer');
  return customer;
}

Given('a customer who has called it {int} times', async function (this: ConformanceWorld, count: number) {
  const caller = await this.rawCaller();
  const calls: CustomersCall[] = [];
  customers.set(this, { caller, calls });
  for (let call = 0; call < count; call++) calls.push(await customersCall(this, caller, 'before'));
});

/** Rule: hard.strangers.slots. */
When(
  '{int} strangers send INVITEs and OPTIONS without credentials, {int} a second for {int} seconds',
  async function (this: ConformanceWorld, strangers: number, aSecond: number, seconds: number) {
    const withheld = withheldOutsideLab(this);
    if (withheld) return withheld;
    const prefix = this.randomness.hex(8);
    const uri = uriOf(this);
    await flood(this, {
      strangers,
      aSecond,
      inAll: aSecond * seconds,
      datagram: (number, local) =>
        strangersRequest({
          method: number % 2 === 0 ? 'INVITE' : 'OPTIONS',
          uri,
          id: `${prefix}${number}`,
          local,
        }),
    });
    return undefined;
  },
);

When(
  'the customer calls it until the flood is over, and {int} times more',
  async function (this: ConformanceWorld, count: number) {
    const { caller, calls } = customerOf(this);
    await untilOver(this, async () => void calls.push(await customersCall(this, caller, 'during')));
    for (let call = 0; call < count; call++) calls.push(await customersCall(this, caller, 'after'));
    const table = calls.map(({ when, status, ms }) => `${when} ${status ?? 'no answer'} ${ms.toFixed(1)} ms`);
    this.attach(table.join('\n'), { mediaType: 'text/plain', fileName: 'calls of the customer.txt' });
  },
);

Then("the customer's calls are answered as before the flood", function (this: ConformanceWorld) {
  must(servedAsBefore(customerOf(this).calls));
});

Then('they are answered at once', function (this: ConformanceWorld) {
  must(servedAtOnce(customerOf(this).calls));
});

async function connect(world: ConformanceWorld, who: string): Promise<StreamCaller> {
  const caller = await world.streamCaller(who);
  connected.set(world, { who, caller });
  return caller;
}

async function askOver(world: ConformanceWorld): Promise<void> {
  const connection = connected.get(world);
  if (!connection) throw new HarnessError('nobody keeps a connection open');
  const { who, caller } = connection;
  const uri = uriOf(world);
  const answer = await caller.ask(caller.lines({ method: 'OPTIONS', uri, to: `<${uri}>` }));
  must(answeredOverOpenConnection(answer, who));
}

Given(
  'a customer who has called it over a TCP connection that stays open',
  async function (this: ConformanceWorld) {
    const caller = await connect(this, 'the customer');
    const challenge = challengeIn(await caller.ask(inviteLines(this, caller)));
    const nonce = challenge?.parameters.get('nonce');
    if (nonce === undefined) throw new RuleViolation(['a challenge with a nonce to answer'], 'none');
    const answer = await caller.ask(knockLines(this, caller, { nonce, count: 1 }));
    if (!answer) throw new RuleViolation(['a final answer to the call over TCP'], 'none');
  },
);

When('a client asks OPTIONS over a TCP connection that stays open', async function (this: ConformanceWorld) {
  await connect(this, 'the client');
  await askOver(this);
});

Then(
  /^the (?:customer|client) is answered over the open connection$/,
  async function (this: ConformanceWorld) {
    await askOver(this);
  },
);

/** Rule: hard.strangers.slots. */
When(
  '{int} strangers open {int} TCP connections and keep them open by line breaks',
  async function (this: ConformanceWorld, strangers: number, count: number) {
    const withheld = withheldOutsideLab(this);
    if (withheld) return withheld;
    const connections = openConnections(this, strangers, count);
    held.set(this, connections);
    await connections.over;
    connections.write(PING);
    return undefined;
  },
);

When(
  'the strangers go on with line breaks, and open {int} connections more',
  async function (this: ConformanceWorld, count: number) {
    held.get(this)?.write(PING);
    await openConnections(this, count, count).over;
  },
);

/** Connections that say nothing but line breaks, from the beginning on. */
function openConnections(world: ConformanceWorld, strangers: number, inAll: number): HeldConnections {
  const how = { strangers, aSecond: CONNECTIONS_A_SECOND, inAll, greeting: () => PING };
  return HeldConnections.start(world.parameters.place.sip, how, world.ending);
}
