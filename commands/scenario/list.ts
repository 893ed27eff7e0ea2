import { dirname } from 'node:path';

import { listScenarios } from '../../harness/traffic/scenarios.ts';

/** Every scenario with its summary, grouped by folder. */
export function scenarioList(): string {
  const scenarios = listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  let folder = '';
  let text = '';
  for (const { path, name, summary } of scenarios) {
    if (dirname(path) !== folder) {
      text += `${folder === '' ? '' : '\n'}${dirname(path)}\n`;
      folder = dirname(path);
    }
    text += `  ${name.padEnd(width)}  ${summary}\n`;
  }
  return `${text}\nRun one: npm run scenario -- NAME   (--help lists the options)\n`;
}
