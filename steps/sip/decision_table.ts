import { Then, When } from '@cucumber/cucumber';

import { decidedAsDocumented, isAllowed, outcomeOf, type TriedRow } from '../../harness/expect/decisions.ts';
import { must } from '../../harness/expect/match.ts';
import { decisionRows, type TableRow } from '../../harness/model/decision_rows.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { RowTrial } from './decision/rows.ts';

const tried = new WeakMap<ConformanceWorld, { readonly rule: string; readonly rows: readonly TriedRow[] }>();
/** Rows whose requests and answers the report holds. */
const MOST_SHOWN = 20;

/** Rules: those that decide rows of the table (harness/model/decision.ts). */
When('the rows that {word} decides are tried', async function (this: ConformanceWorld, rule: string) {
  const addresses = addressesOf(this);
  const rows = tableFor(this, addresses).filter((row) => row.rule === rule);
  if (rows.length === 0) {
    const reason = 'no row that it decides can be tried from here';
    return this.withhold({ verdict: 'inconclusive', reason });
  }
  tried.set(this, { rule, rows: await new RowTrial(this, addresses).tried(rows) });
  return undefined;
});

Then('each has an outcome that the documents allow', function (this: ConformanceWorld) {
  const { rule, rows } = tried.get(this) ?? {};
  if (!rows) throw new HarnessError('no row of the table was tried');
  const told = rows.map((one) => `${isAllowed(one) ? '  ' : '! '}${outcomeOf(one.attempt)}: ${one.row.name}`);
  this.attach(told.join('\n'), { mediaType: 'text/plain', fileName: 'rows.txt' });
  const shown = rows.toSorted((one, other) => Number(isAllowed(one)) - Number(isAllowed(other)));
  this.exchanges.push({ kind: 'round', result: shown.slice(0, MOST_SHOWN).map(({ attempt }) => attempt) });
  must(decidedAsDocumented(rows, ({ name }) => `npm run features -- --tags @${rule} --row "${name}"`));
});

/** The callers that this place has, by name. Where all calls come from one address, it is the listed one. */
function addressesOf({ parameters }: ConformanceWorld): ReadonlyMap<string, string> {
  const { vantagePoints } = parameters.place;
  if (vantagePoints.length === 0) return new Map([['US', parameters.defaultAddress]]);
  return new Map(vantagePoints.map(({ name, address }) => [name, address]));
}

/** The rows that can be tried on this target from here. */
function tableFor(world: ConformanceWorld, addresses: ReadonlyMap<string, string>): readonly TableRow[] {
  const { descriptor, place, row: wanted } = world.parameters;
  const isAsNamed = place.vantagePoints.every(({ name, region }) => (region ?? 'elsewhere') === name);
  // A loopback address may not be listed (rule app.cidr.rejected), and no rule about lists is judged there.
  const isListable = place.vantagePoints.length > 0;
  const hasRegions = place.vantagePoints.length > 0 && isAsNamed;
  const forms = descriptor.userForms.map((form) => (form === 'uriUser' ? 'uri' : 'id'));
  return decisionRows(forms).filter(
    ({ row, name }) =>
      addresses.has(row.caller) &&
      (row.region === 'any' || hasRegions) &&
      (isListable || !['list', 'both'].includes(row.mode)) &&
      (row.transport === 'UDP' || descriptor.capabilities.tcp === true) &&
      (wanted === undefined || name === wanted),
  );
}
