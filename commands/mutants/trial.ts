import { HarnessError } from '../../harness/verdict.ts';
import type { ScenarioResult } from '../../reports/index.ts';
import type { Killer, MutantReport, Trial } from './job.ts';
import type { LatestKillers } from './latest_killers.ts';
import type { MutatedReference } from './mutated_reference.ts';

/**
 * Runs the scenarios against a mutant until one fails. A failure counts only if the scenario fails again, in a reference
 * that has served no other mutant or in which the scenario passes without any.
 */
export async function trial(
  { mutant, isAtStart, scenarios }: Trial,
  reference: MutatedReference,
  killers: LatestKillers,
): Promise<Pick<MutantReport, 'killedBy' | 'unjudged' | 'problems'>> {
  const unjudged: string[] = [];
  const problems: string[] = [];
  const outcome = (killedBy: Killer | null) => ({ killedBy, unjudged, problems });
  let isAlone = isAtStart;
  if (isAtStart) {
    const refused = await startWith(mutant, reference);
    if (refused) return outcome(refused);
  } else {
    await reference.ensure();
  }
  for (let left = killers.first(scenarios); left.length > 0;) {
    const { red, withheld, end, problems: met } = await run(left, mutant, reference);
    unjudged.push(...withheld);
    problems.push(...met);
    if (red === undefined || problems.length > 0) break;
    const place = placeOf(red);
    left = left.slice(left.indexOf(place) + 1);
    if (red.verdict !== 'failed' && end === undefined) {
      unjudged.push(`${place}: ${red.reason}`);
      continue;
    }
    if (end !== undefined || !(isAlone || (await passesWithout(place, reference)))) {
      const refused = await startWith(mutant, reference);
      if (refused) return outcome(refused);
      isAlone = true;
    }
    const again = await run([place], mutant, reference);
    if (again.end !== undefined) return outcome({ by: 'end', place, reason: again.end });
    if (again.red?.verdict === 'failed') {
      killers.add(place);
      return outcome({ by: 'scenario', place, reason: again.red.reason ?? '' });
    }
    unjudged.push(`${place}: failed once, and not when it was run again: ${red.reason}`);
  }
  return outcome(null);
}

/** Runs scenarios with the mutant active, up to the first that fails or is an error, or ends the reference. */
async function run(places: readonly string[], mutant: string, reference: MutatedReference) {
  await reference.line.to(mutant);
  const { results, problems } = await reference.run({ features: places, tags: '' }, { stops: true });
  const red = results.find(({ verdict }) => verdict === 'failed' || verdict === 'error');
  const before = red === undefined ? results : results.slice(0, results.indexOf(red));
  const withheld = before
    .filter(({ verdict }) => verdict !== 'passed')
    .map((result) => `${placeOf(result)}: ${result.reason}`);
  const nothing = results.length === 0 ? [`no scenario stands at ${places.join(', ')}`] : [];
  return { red, withheld, problems: [...problems, ...nothing], end: await reference.end() };
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
