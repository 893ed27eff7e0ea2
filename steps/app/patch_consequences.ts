import { Then, When } from '@cucumber/cucumber';

import type { Application } from '../../harness/clients/application.ts';
import { HttpJournal, isSuccess } from '../../harness/clients/http.ts';
import { must } from '../../harness/expect/match.ts';
import { calledAsDocumented, type CalledPatch } from '../../harness/expect/patches.ts';
import { consequenceOf, type PatchCaller } from '../../harness/model/patch_consequence.ts';
import { patchRows, type PatchTableRow } from '../../harness/model/patch_rows.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { preparedApplication, sendPatch } from './patch_trial.ts';

const called = new WeakMap<ConformanceWorld, readonly CalledPatch[]>();

/** A row and who calls the application that it leaves. */
interface Consequence {
  readonly row: PatchTableRow;
  readonly caller: PatchCaller;
}

/** Rules: those that decide an INVITE without credentials (harness/model/patch_consequence.ts). */
When(
  'applications that PATCHes leave to {word} are called',
  async function (this: ConformanceWorld, rule: string) {
    const callable: (Consequence & { readonly application: Application })[] = [];
    const api = this.managementClient(new HttpJournal());
    for (const { row, caller } of sampleOf(this, rule)) {
      const application = await preparedApplication(api, row.row.before);
      const { status } = await sendPatch(api, application, row.row);
      // Where the PATCH itself deviates, its own rule fails.
      if (isSuccess(status) === (row.granted !== undefined)) callable.push({ row, caller, application });
    }
    if (callable.length === 0) {
      const reason = 'no PATCH came out so that a call could be judged';
      return this.withhold({ verdict: 'inconclusive', reason });
    }
    const byCaller = Map.groupBy(callable, ({ caller }) => caller);
    const all = await Promise.all([...byCaller].map(([caller, some]) => calledFrom(this, caller, some)));
    called.set(this, all.flat());
    return undefined;
  },
);

Then('each call ends as the PATCH has left it', function (this: ConformanceWorld) {
  const all = called.get(this);
  if (!all) throw new HarnessError('no application that a PATCH left was called');
  this.exchanges.push({ kind: 'round', result: all.map(({ attempt }) => attempt) });
  must(calledAsDocumented(all));
});

/** Of the rows that each rule decides one that is granted and one that is not, drawn by the seed of the run. */
function sampleOf({ parameters, randomness }: ConformanceWorld, rule: string): readonly Consequence[] {
  const { descriptor, place, defaultAddress } = parameters;
  const [first = { address: defaultAddress, region: null }, ...others]: readonly PatchCaller[] =
    place.vantagePoints;
  const fitting = patchRows(descriptor.regions)
    .filter(({ mayBeRefused, granted }) => mayBeRefused !== (granted !== undefined))
    .flatMap((row) => [first, ...others].map((caller) => ({ row, caller })))
    .filter(({ row, caller }) => consequenceOf(row, caller).rule === rule);
  const kinds = Map.groupBy(fitting, ({ row }) => `${row.rule}, ${row.granted === undefined}`);
  return [...kinds.values()].map((some) => some[randomness.integer(0, some.length)]!);
}

async function calledFrom(
  world: ConformanceWorld,
  caller: PatchCaller,
  all: readonly (Consequence & { readonly application: Application })[],
): Promise<readonly CalledPatch[]> {
  const { realm, userForms } = world.parameters.descriptor;
  const raw = await world.rawCaller(caller.address, world.randomness.fork(caller.address));
  const requests = all.map(({ row, application: { id, uriUser } }) => {
    const uri = `sip:${userForms.includes('applicationId') ? id : (uriUser ?? id)}@${realm}`;
    const lines = raw.lines({ method: 'INVITE', uri, to: `<${uri}>`, others: ['Subject: reject'] });
    return [row.name, lines] as const;
  });
  const attempts = await raw.exchange(requests);
  return all.map(({ row }, index) => ({
    row,
    expected: consequenceOf(row, caller),
    attempt: attempts[index]!,
  }));
}
