import { HarnessError } from '../../harness/verdict.ts';
import type { ScenarioResult } from '../../reports/index.ts';
import type { Killer, MutantReport, Trial } from './job.ts';
import type { LatestKillers } from './latest_killers.ts';
import type { MutatedReference } from './mutated_reference.ts';

/** How many scenarios are run at first, as to read their features takes longer than most of them; then its square … */
const FIRST_FEW = 8;

/**
 * Runs the scenarios against a mutant until one fails. A failure counts only if the scenario fails again, in a reference
 * that has served no other mutant or in which the scenario passes without any.
 */
export async function trial(
  { mutant, isAlone, scenarios }: Trial,
  reference: MutatedReference,
  killers: LatestKillers,
): Promise<Pick<MutantReport, 'killedBy' | 'unjudged' | 'problems'>> {
  const unjudged: string[] = [];
  const problems: string[] = [];
  const outcome = (killedBy: Killer | null) => ({ killedBy, unjudged, problems });
  if (!isAlone) await reference.ensure();
  const refused = isAlone ? await startWith(mutant, reference) : undefined;
  if (refused) return outcome(refused);
  let left = killers.first(scenarios);
  for (let most = FIRST_FEW; left.length > 0; most *= FIRST_FEW) {
    const few = left.slice(0, most);
    const { last, end, problems: met } = await run(few, mutant, reference);
    problems.push(...met);
    if (problems.length > 0) break;
    // A reference that ends when all have passed does so under the last.
    const place = last === undefined ? end && few.at(-1) : placeOf(last);
    left = left.slice(place === undefined ? few.length : left.indexOf(place) + 1);
    if (place === undefined) continue;
    const isSuspect = last?.verdict === 'failed' || end !== undefined;
    const killer = isSuspect ? await confirmed(place, { mutant, end }, reference) : undefined;
    if (killer?.by === 'scenario') killers.add(place);
    if (killer !== undefined) return outcome(killer);
    const once = isSuspect ? 'failed once, and not when it was run again: ' : '';
    unjudged.push(`${place}: ${once}${last?.reason ?? end}`);
  }
  return outcome(null);
}

/** What finds the mutant if the scenario that failed, or under which the reference ended, is run again. */
async function confirmed(
  place: string,
  { mutant, end }: { readonly mutant: string; readonly end: string | undefined },
  reference: MutatedReference,
): Promise<Killer | undefined> {
  const isSound = end === undefined && (reference.isOnly(mutant) || (await passesWithout(place, reference)));
  const refused = isSound ? undefined : await startWith(mutant, reference);
  if (refused) return refused;
  const again = await run([place], mutant, reference);
  if (again.end !== undefined) return { by: 'end', place, reason: again.end };
  if (again.last?.verdict !== 'failed') return undefined;
  return { by: 'scenario', place, reason: again.last.reason ?? '' };
}

/** Runs scenarios with the mutant active, up to the first that does not pass, if there is one; the others did not begin. */
async function run(places: readonly string[], mutant: string, reference: MutatedReference) {
  await reference.line.to(mutant);
  const { results, problems } = await reference.run({ features: places, tags: '' }, { stops: true });
  const last = results.find(({ verdict }) => verdict !== 'passed');
  const nothing = results.length === 0 ? [`no scenario stands at ${places.join(', ')}`] : [];
  return { last, problems: [...problems, ...nothing], end: await reference.end() };
}

/**
 * Starts the reference with the mutant. Resolves with what found it if that fails twice, while a start without any mutant
 * succeeds in between; rejects with a HarnessError if that one fails too.
 */
async function startWith(mutant: string, reference: MutatedReference): Promise<Killer | undefined> {
  const first = await refusedStart(mutant, reference);
  if (first === undefined) return undefined;
  await reference.restart(undefined);
  const second = await refusedStart(mutant, reference);
  return second === undefined ? undefined : { by: 'start', place: '', reason: second };
}

/** Why the reference does not get ready with the mutant. */
async function refusedStart(mutant: string, reference: MutatedReference): Promise<string | undefined> {
  try {
    await reference.restart(mutant);
    return await reference.end();
  } catch (error) {
    if (error instanceof HarnessError) return error.message;
    throw error;
  }
}

/** Whether the scenario passes in the same process as soon as no mutant is active. */
async function passesWithout(place: string, reference: MutatedReference): Promise<boolean> {
  await reference.line.to(undefined);
  const { results } = await reference.run({ features: [place], tags: '' }, { stops: true });
  return results.every(({ verdict }) => verdict === 'passed');
}

function placeOf({ uri, line }: ScenarioResult): string {
  return `${uri}:${line}`;
}
