// The reference with one fault after another, in one process, so that its code is loaded once. Each line of standard
// input is a command: `start` with the id of a fault, or alone for none, ends what runs and starts the reference anew;
// `stop` ends what runs. Each is answered by a line, `ready` or `stopped`. The end of the input ends the process.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { readConfig, type Config } from '../impl/config/config.ts';
import { standardOutput } from '../impl/observe/log_output.ts';
import { logWriter } from '../impl/observe/log_writer.ts';
import { systemClock } from '../impl/runtime/clock.ts';
import { startSystem, type System } from '../impl/system.ts';
import { findFault } from './catalogue.ts';

function configuration(): Config {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const config = readConfig(process.env, values.config);
  if ('problems' in config) throw new Error(config.problems.join('\n'));
  return config;
}

const config = configuration();
const { log, release } = logWriter({
  level: config.log.level,
  now: () => systemClock.wall(),
  output: standardOutput(),
});
let system: System | undefined;

async function start(id: string | undefined): Promise<void> {
  const fault = id === undefined ? undefined : await findFault(id);
  if (id !== undefined && fault === undefined) throw new Error(`there is no fault ${id} in faults/`);
  system = await startSystem(config, { log, ...fault?.override });
}

async function obey(line: string): Promise<void> {
  const [command, id] = line.split(' ');
  await system?.stop();
  system = undefined;
  if (command === 'start') await start(id);
  process.stdout.write(`${command === 'start' ? 'ready' : 'stopped'}\n`);
  release();
}

for await (const line of createInterface({ input: process.stdin })) await obey(line);
process.exit();
