import { Then, When } from '@cucumber/cucumber';

import { outcomeOfPassage, passedOnAsDocumented } from '../../harness/expect/forwarding.ts';
import { must } from '../../harness/expect/match.ts';
import { deliveryRows } from '../../harness/model/delivery_rows.ts';
import type { Passage } from '../../harness/traffic/forwarding/passage.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { DeliveryTrial } from './delivery/trial.ts';

const tried = new WeakMap<
  ConformanceWorld,
  { readonly rule: string; readonly passages: readonly Passage[] }
>();
/** Deviating rows whose messages the report shows. */
const MOST_SHOWN = 5;

/**
 * Rules: those of the table (harness/model/delivery.ts), such as sip.body.length, sip.hops.every-method,
 * sip.message.forms, sip.route.own, sip.route.strict and sip.via.one.
 */
When('the messages that {word} speaks of are sent', async function (this: ConformanceWorld, rule: string) {
  const { row: wanted, descriptor } = this.parameters;
  const rows = deliveryRows().filter(
    (row) =>
      row.rule === rule &&
      (row.transport === 'UDP' || descriptor.capabilities.tcp === true) &&
      (wanted === undefined || row.name === wanted),
  );
  if (rows.length === 0)
    return this.withhold({ verdict: 'skipped', reason: 'no row of this rule was asked for' });
  tried.set(this, { rule, passages: await new DeliveryTrial(this).tried(rows) });
  return undefined;
});

Then('each arrives as the rule says', function (this: ConformanceWorld) {
  const { rule, passages } = tried.get(this) ?? {};
  if (!passages) throw new HarnessError('no row of the table was tried');
  const judged = passages.map((passage) => ({ passage, outcome: outcomeOfPassage(passage) }));
  const told = judged.map(({ passage: { row }, outcome }) =>
    outcome.kind === 'as it should be'
      ? `  ${row.name}`
      : `${outcome.kind === 'deviates' ? '!' : '?'} ${row.name}: ${outcome.how}`,
  );
  this.attach(told.join('\n'), { mediaType: 'text/plain', fileName: 'rows.txt' });
  const deviating = judged.filter(({ outcome }) => outcome.kind === 'deviates');
  for (const { passage } of deviating.slice(0, MOST_SHOWN)) {
    const text = `sent:\n${passage.sent?.text ?? 'nothing'}\n\narrived:\n${passage.came?.text ?? 'nothing'}`;
    this.attach(text, { mediaType: 'text/plain', fileName: `${passage.row.name}.txt` });
  }
  must(passedOnAsDocumented(passages, ({ name }) => `npm run features -- --tags @${rule} --row "${name}"`));
  const unsent = judged.find(({ passage }) => passage.sent === undefined);
  if (unsent)
    throw new BrokenPrecondition(
      'sip.dialog.in-route',
      `${unsent.passage.row.name}: not sent, as the call did not get so far`,
    );
});
