import { createHash, randomUUID } from 'node:crypto';

import { LabelName, Stage } from 'allure-js-commons';
import { createTestResult } from 'allure-js-commons/sdk/reporter';

import { areaOf, AREAS } from '../harness/rules.ts';
import { AllureFiles } from './allure_files.ts';
import type { Conformance, RuleOutcome } from './conformance.ts';

/** The suite of the report that lists the rules without a scenario in this run. */
export const UNCOVERED_SUITE = 'Rules without a scenario';

/**
 * Adds one result per area to the Allure results. It lists the area's uncovered rules with their sentences and has no
 * status, which Allure shows as "unknown", never green.
 */
export function writeUncovered(model: Conformance, resultsDir: string): void {
  const uncovered = Map.groupBy(
    model.rules.filter(({ verdict }) => verdict === 'uncovered'),
    ({ id }) => areaOf(id),
  );
  const files = new AllureFiles(resultsDir);
  const at = Date.parse(model.startedAt);
  for (const [area, rules] of uncovered) {
    const name = `${AREAS[area]}: ${rules.length === 1 ? 'one rule' : `${rules.length} rules`} not covered`;
    const id = createHash('md5').update(`uncovered ${area}`).digest('hex');
    files.writeResult(
      Object.assign(createTestResult(randomUUID()), {
        name,
        fullName: name,
        historyId: id,
        testCaseId: id,
        stage: Stage.FINISHED,
        statusDetails: {
          message: 'No scenario of this run speaks of these rules; the description lists them.',
        },
        description: rules.map(listed).join('\n'),
        labels: [{ name: LabelName.PARENT_SUITE, value: UNCOVERED_SUITE }],
        start: at,
        stop: at,
      }),
    );
  }
}

function listed({ id, basis, sentence }: RuleOutcome): string {
  return `- **${id}** (${basis}): ${sentence}`;
}
