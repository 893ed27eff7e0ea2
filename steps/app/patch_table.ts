import { Then, When } from '@cucumber/cucumber';

import { HttpJournal } from '../../harness/clients/http.ts';
import { must } from '../../harness/expect/match.ts';
import { patchedAsDocumented, patchOutcome, type TriedPatch } from '../../harness/expect/patches.ts';
import { patchRows } from '../../harness/model/patch_rows.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { PatchTrial } from './patch_trial.ts';

const tried = new WeakMap<
  ConformanceWorld,
  { readonly rule: string; readonly rows: readonly TriedPatch[] }
>();

/** Rules: those that decide rows of the table (harness/model/patch.ts). */
When('the PATCHes that {word} decides are sent', async function (this: ConformanceWorld, rule: string) {
  const { descriptor, row: wanted } = this.parameters;
  const rows = patchRows(descriptor.regions).filter(
    (row) => row.rule === rule && (wanted === undefined || row.name === wanted),
  );
  if (rows.length === 0) {
    const reason = 'no row that it decides was asked for';
    return this.withhold({ verdict: 'skipped', reason });
  }
  // A journal of their own: the report of the scenario has the rows instead of some hundred exchanges.
  const trial = new PatchTrial(this.managementClient(new HttpJournal()));
  const all: TriedPatch[] = [];
  for (const row of rows) all.push(...(await trial.tried(row)));
  tried.set(this, { rule, rows: all });
  return undefined;
});

Then('each leaves what the documents say', function (this: ConformanceWorld) {
  const { rule, rows } = tried.get(this) ?? {};
  if (!rows) throw new HarnessError('no row of the table was tried');
  const told = rows.map((one) => {
    const match = patchOutcome(one);
    return `${match.ok ? '  ' : '! '}${one.answer.status}: ${one.row.name}${match.ok ? '' : ` (${match.actual})`}`;
  });
  this.attach(told.join('\n'), { mediaType: 'text/plain', fileName: 'rows.txt' });
  must(patchedAsDocumented(rows, ({ name }) => `npm run features -- --tags @${rule} --row "${name}"`));
});
