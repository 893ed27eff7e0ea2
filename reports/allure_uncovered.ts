import { createHash, randomUUID } from 'node:crypto';

import { LabelName, Stage } from 'allure-js-commons';
import { createTestResult, FileSystemWriter } from 'allure-js-commons/sdk/reporter';

import { areaOf, AREAS } from '../harness/rules.ts';
import type { Conformance, RuleOutcome } from './conformance.ts';

/** The suite of the report that lists what no scenario of the run speaks of. */
export const UNCOVERED_SUITE = 'Rules without a scenario';

/**
 * Adds one result an area to the Allure results, without a status (shown as "unknown", never green), that lists the
 * area's uncovered rules with their sentences.
 */
export function writeUncovered(model: Conformance, resultsDir: string): void {
  const uncovered = Map.groupBy(
    model.rules.filter(({ verdict }) => verdict === 'uncovered'),
    ({ id }) => areaOf(id),
  );
  const files = new FileSystemWriter({ resultsDir });
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
