import { Then, When, type DataTable } from '@cucumber/cucumber';

import { must, ofEach } from '../../harness/expect/match.ts';
import { sourceTold } from '../../harness/expect/transactions.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import { withHops, type RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { callOf } from '../hard/calls.ts';
import { inviteLines, knockLines, nonceFor, uriOf, type Credentials } from '../hard/knock.ts';
import { NEEDED } from '../hard/methods.ts';
import type { ConformanceWorld } from '../world.ts';
import { WRONG_PASSWORD } from './dial.ts';

type Make = (world: ConformanceWorld, caller: RawCaller) => RawLines | Promise<RawLines>;

function knocking(more: Omit<Credentials, 'nonce'> = {}): Make {
  return async (world, caller) => {
    const nonce = await nonceFor(world, caller, 'unseen');
    return knockLines(world, caller, { nonce, ...more });
  };
}

function requesting(method: string, toParameters = ''): Make {
  return (world, caller) => {
    const uri = uriOf(world);
    const others = NEEDED[method] ?? [];
    return caller.lines({ method, uri, to: `<${uri}>${toParameters}`, others });
  };
}

/** A request by what it is answered for, as a feature names it. */
const REQUESTS: Readonly<Record<string, Make>> = {
  'an INVITE without credentials': (world, caller) => inviteLines(world, caller),
  'an INVITE with a wrong password': knocking({ password: WRONG_PASSWORD }),
  'an INVITE with its password': knocking(),
  'an INVITE to nobody': (world, caller) => inviteLines(world, caller, 'reject', world.randomness.uuid()),
  'an INVITE with an invented To tag': requesting('INVITE', ';tag=invented'),
  'an INVITE with Max-Forwards 0': (world, caller) => withHops(inviteLines(world, caller), '0'),
  'an INVITE that requires an extension of a proxy'(world, caller) {
    const lines = inviteLines(world, caller);
    return { ...lines, others: [...lines.others, 'Proxy-Require: nothing-has-this'] };
  },
  'an INVITE whose CSeq names another method'(world, caller) {
    const lines = inviteLines(world, caller);
    return { ...lines, cseq: lines.cseq.replace('INVITE', 'INFO') };
  },
  'an OPTIONS': requesting('OPTIONS'),
  'a BYE of no call': requesting('BYE', ';tag=invented'),
  'a CANCEL of no call': requesting('CANCEL'),
  'a MESSAGE': requesting('MESSAGE'),
  'a REGISTER': requesting('REGISTER'),
  'a SUBSCRIBE': requesting('SUBSCRIBE'),
};

/** What is in sent-by, as a feature names it. */
const HOSTS: Readonly<Record<string, (caller: RawCaller) => string>> = {
  'where they come from': ({ local }) => `${local.address}:${local.port}`,
  'another address': () => '10.0.0.7:5060',
  'another port': ({ local }) => local.address,
  'a host': () => 'caller.example',
};

/** Rule: sip.rport. */
When(
  /^these come with rport, and with (.+) in Via$/,
  async function (this: ConformanceWorld, where: string, table: DataTable) {
    const host = HOSTS[where];
    if (!host) throw new HarnessError(`no sent-by is called "${where}"`);
    const caller = await this.rawCaller();
    const requests: Record<string, RawLines> = {};
    for (const [name = ''] of table.raw()) {
      const lines = await REQUESTS[name]?.(this, caller);
      if (!lines) throw new HarnessError(`no request is called "${name}"`);
      const via = lines.via.replace(/ \S+;branch/, () => ` ${host(caller)};branch`);
      requests[name] = { ...lines, via };
    }
    await this.attempt(caller, requests);
  },
);

When('the caller sends INVITE, INFO and BYE of that call', async function (this: ConformanceWorld) {
  const call = callOf(this);
  for (const method of ['INVITE', 'INFO', 'BYE']) await call.ask(method);
  await this.keep(call.caller, 'the call from its INVITE to its BYE', call.invite);
});

Then(
  "each is answered at the packet's source, and the Via of every answer names it",
  function (this: ConformanceWorld) {
    must(ofEach(this.lastRound, sourceTold));
  },
);
