import type { MutantReport, Survey, SurveyedScenario } from './job.ts';
import type { MutatedReference } from './mutated_reference.ts';

/** Runs all scenarios of a feature without any mutant, and tells which mutants each reaches. */
export async function survey(
  { feature, tags }: Survey,
  reference: MutatedReference,
): Promise<Pick<MutantReport, 'atStart' | 'surveyed' | 'problems'>> {
  await reference.ensure();
  const { line } = reference;
  await line.to(undefined);
  // A scenario's last messages may still be on their way when it ends, so its account is closed as the next one begins.
  const accounts: Promise<readonly string[]>[] = [];
  const features = [feature];
  const { results, problems } = await reference.run(
    { features, tags },
    { stops: false, onBegin: () => void accounts.push(line.reached()) },
  );
  accounts.push(line.reached());
  const [, ...reached] = await Promise.all(accounts);
  const surveyed = results.map(
    ({ uri, line: at, ruleId, name, verdict, reason, durationMs }, index): SurveyedScenario => ({
      place: `${uri}:${at}`,
      rule: ruleId ?? '',
      name,
      verdict,
      reason: reason ?? '',
      durationMs,
      reached: [...(reached[index] ?? [])],
    }),
  );
  return { atStart: [...(await line.atStart())], surveyed, problems: [...problems] };
}
