import { HarnessError } from '../../harness/verdict.ts';
import type { ScenarioResult } from '../../reports/index.ts';
import type { Killer, MutantReport, Trial } from './job.ts';
import type { MutatedReference } from './mutated_reference.ts';

/**
 * Runs the scenarios against a mutant until one fails. A failure counts only if it is the mutant's own: either the
 * reference has served no other mutant, or the same scenario passes there without any mutant.
 */
export async function trial(
  { mutant, isAtStart, scenarios }: Trial,
  reference: MutatedReference,
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
  for (let left = scenarios; left.length > 0;) {
    const red = await firstRed(left, mutant, reference, problems);
    if (red === undefined || problems.length > 0) break;
    const place = placeOf(red);
    const behind = left.slice(left.indexOf(place) + 1);
    const end = await reference.end();
    if (red.verdict !== 'failed' && end === undefined) {
      unjudged.push(`${place}: ${red.reason}`);
      left = behind;
      continue;
    }
    const killer: Killer = {
      by: end === undefined ? 'scenario' : 'end',
      place,
      reason: end ?? red.reason ?? '',
    };
    if (isAlone || (await passesWithout(place, reference))) return outcome(killer);
    const refused = await startWith(mutant, reference);
    if (refused) return outcome(refused);
    isAlone = true;
    left = [place, ...behind];
  }
  return outcome(null);
}

/** What found the mutant if the reference does not get ready with it. */
async function startWith(mutant: string, reference: MutatedReference): Promise<Killer | undefined> {
  try {
    await reference.restart(mutant);
    return undefined;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return { by: 'start', place: '', reason: error.message };
  }
}

async function firstRed(
  places: readonly string[],
  mutant: string,
  reference: MutatedReference,
  problems: string[],
): Promise<ScenarioResult | undefined> {
  await reference.line.to(mutant);
  const ran = await reference.run({ features: places, tags: '' }, { stops: true });
  problems.push(...ran.problems);
  return ran.results.find(({ verdict }) => verdict === 'failed' || verdict === 'error');
}

/** Whether the scenario passes in the same process as soon as no mutant is active. */
async function passesWithout(place: string, reference: MutatedReference): Promise<boolean> {
  if ((await reference.end()) !== undefined) return false;
  await reference.line.to(undefined);
  const { results } = await reference.run({ features: [place], tags: '' }, { stops: true });
  return results.every(({ verdict }) => verdict === 'passed');
}

function placeOf({ uri, line }: ScenarioResult): string {
  return `${uri}:${line}`;
}
