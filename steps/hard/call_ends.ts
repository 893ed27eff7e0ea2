import { Then, When, type DataTable } from '@cucumber/cucumber';

import {
  answeredWith,
  challengedBye,
  nothingAt,
  stemming,
  succeeded,
} from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { Attempt } from '../../harness/traffic/attempt.ts';
import { dialogLines, responseTo } from '../../harness/traffic/raw_call.ts';
import { HarnessError, RuleViolation } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { callByHand, callOf } from './calls.ts';
import { uriOf } from './knock.ts';
import { NEEDED } from './methods.ts';

/** A port of the called side's host that no call leads to. */
function otherPort({ parameters }: ConformanceWorld): { readonly address: string; readonly port: number } {
  const { platform } = parameters.place;
  if (!platform) throw new HarnessError('the place of this run has no voice platform of ours');
  return { address: platform.host, port: platform.port + 2 };
}

function otherPortUri(world: ConformanceWorld): string {
  const { address, port } = otherPort(world);
  return `sip:platform@${address}:${port}`;
}

/** What the Request-URI of a request names, by the name a feature gives it. */
const TARGETS: Readonly<Record<string, (world: ConformanceWorld) => string>> = {
  'the old target': (world) => callOf(world).dialog.target,
  "the application's URI": (world) => uriOf(world),
  "another port of the called side's host": otherPortUri,
};

const ROUTES: Readonly<Record<string, readonly boolean[]>> = {
  'with and without its Route': [true, false],
  'with its Route': [true],
};

/** Sends each of the methods, with its tags, to every target, each from a port of its own of the caller's address. */
async function askAsFormerCaller(
  world: ConformanceWorld,
  methods: readonly string[],
  routes: readonly boolean[],
): Promise<void> {
  const { dialog, caller } = callOf(world);
  const shapes = methods.flatMap((method) =>
    Object.entries(TARGETS).flatMap(([to, target]) =>
      routes.map((isRouted) => ({ method, to, target: target(world), isRouted })),
    ),
  );
  const round = shapes.map(async ({ method, to, target, isRouted }, index) => {
    const as = await world.rawCaller(caller.local.address);
    const known = { ...dialog, target, routes: isRouted ? dialog.routes : [] };
    const lines = dialogLines(as, known, method, 77 + index);
    const name = `${method} to ${to}, with${isRouted ? '' : 'out'} Route`;
    return as.attempt({ [name]: { ...lines, others: [...lines.others, ...(NEEDED[method] ?? [])] } });
  });
  const attempts: readonly Attempt[] = (await Promise.all(round)).flat();
  world.exchanges.push({ kind: 'round', result: attempts.map(stemming) });
}

/** Rule: hard.dialog.token. */
When('the caller hangs up', async function (this: ConformanceWorld) {
  must(succeeded(await callOf(this).ask('BYE'), "the caller's BYE"));
});

When(
  'a call with its password is answered, and the called side hangs up',
  async function (this: ConformanceWorld) {
    await callByHand(this, 200, 'hang-up');
    await answerBye(this, '200 OK', []);
  },
);

/** The caller answers the called side's BYE, once it has come. */
async function answerBye(
  world: ConformanceWorld,
  statusLine: string,
  more: readonly string[],
): Promise<void> {
  const { caller } = callOf(world);
  const bye = await caller.until(({ method }) => method === 'BYE');
  if (!bye) throw new RuleViolation(['the BYE of the called side'], 'none', 'the wire');
  caller.send(responseTo(bye, statusLine, more));
}

When(
  /^the former caller sends (.+) of that call, (with and without its Route|with its Route), to every target$/,
  async function (this: ConformanceWorld, methods: string, how: string) {
    await askAsFormerCaller(this, methods.split(/, | and /), ROUTES[how] ?? []);
  },
);

When(
  "the caller sends these requests of that call, to another port of the called side's host",
  async function (this: ConformanceWorld, table: DataTable) {
    const uri = otherPortUri(this);
    for (const method of table.raw().flat()) await callOf(this).ask(method, NEEDED[method], uri);
  },
);

Then('nothing is sent to that port', async function (this: ConformanceWorld) {
  must(nothingAt(await callOf(this).passedOn(), otherPort(this)));
});

/** Rule: hard.dialog.revived. */
When(
  'a call with its password is answered, ended by the caller, and answered with 200 once more',
  async function (this: ConformanceWorld) {
    await callByHand(this, 200, 'repeat');
    must(succeeded(await callOf(this).ask('BYE'), "the caller's BYE"));
    await callOf(this).untilDelivered(
      (messages) =>
        messages.filter(({ status, cseq }) => status === 200 && cseq?.method === 'INVITE').length > 1,
      'the 200 that comes again',
    );
  },
);

Then('each of them is answered with {int}', function (this: ConformanceWorld, status: number) {
  must(ofEach(this.lastRound, (attempt) => answeredWith(attempt, status)));
});

/** Rule: hard.dialog.challenged-bye. */
When(
  /^a call with its password is answered, and the called side challenges the caller's BYE with (401|407)$/,
  async function (this: ConformanceWorld, status: '401' | '407') {
    await callByHand(this, 200, status === '401' ? 'challenge-401' : 'challenge-407');
    must(challengedBye(await callOf(this).ask('BYE'), Number(status)));
  },
);

const CHALLENGES: Readonly<Record<string, string>> = { 401: 'WWW-Authenticate', 407: 'Proxy-Authenticate' };

When(
  /^a call with its password is answered, and the caller challenges the called side's BYE with (401|407)$/,
  async function (this: ConformanceWorld, status: string) {
    await callByHand(this, 200, 'hang-up');
    const challenge = `${CHALLENGES[status]}: Digest realm="caller.example", nonce="abcdef0123456789"`;
    await answerBye(this, `${status} Unauthorized`, [challenge]);
  },
);
