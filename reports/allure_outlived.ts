import { createHash, randomUUID } from 'node:crypto';

import { LabelName, Stage, Status } from 'allure-js-commons';
import { createTestResult } from 'allure-js-commons/sdk/reporter';

import { AllureFiles } from './allure_files.ts';
import { outlived, type Conformance } from './conformance.ts';
import { passesNow, titleOf } from './known_failures.ts';

const SUITE = 'Known failures that pass';

/** Adds a failed result to the Allure results for each known failure that passes: its entry must be removed. */
export function writeOutlived(model: Conformance, resultsDir: string): void {
  const files = new AllureFiles(resultsDir);
  const at = Date.parse(model.startedAt);
  for (const entry of outlived(model.knownFailures)) {
    const name = titleOf(entry);
    const id = createHash('md5').update(`outlived ${name}`).digest('hex');
    files.writeResult(
      Object.assign(createTestResult(randomUUID()), {
        name,
        fullName: `${SUITE}: ${name}`,
        historyId: id,
        testCaseId: id,
        status: Status.FAILED,
        stage: Stage.FINISHED,
        statusDetails: { message: passesNow(entry) },
        description: `It was listed because: ${entry.reason}`,
        labels: [
          { name: LabelName.PARENT_SUITE, value: SUITE },
          { name: 'rule', value: entry.rule },
        ],
        start: at,
        stop: at,
      }),
    );
  }
}
