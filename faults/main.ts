// The reference with exactly one fault: a target like any other, in which the suite must find the fault.
import { parseArgs } from 'node:util';

import { readConfig } from '../impl/config/config.ts';
import { standardOutput } from '../impl/observe/log_output.ts';
import { logWriter } from '../impl/observe/log_writer.ts';
import { systemClock } from '../impl/runtime/clock.ts';
import { startSystem } from '../impl/system.ts';
import { findFault } from './catalogue.ts';

const HELP = `Usage: main.ts --fault ID [--config FILE]

Starts the reference as impl/main.ts does, but with one fault. SIGTERM and SIGINT stop it, SIGUSR2 starts its edge anew.
Exit code 0: stopped; 1: failed; 2: wrong input.

  --fault ID      a fault of a file in faults/: source-ips-merged, for example
  --config FILE   settings in YAML or JSON; variables win over the file
  --help          this text
`;

function refuse(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { fault: { type: 'string' }, config: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.fault === undefined) return refuse(['--fault ID is missing (--help tells more)']);
  const fault = await findFault(values.fault);
  if (fault === undefined) return refuse([`there is no fault ${values.fault} in faults/`]);
  const config = readConfig(process.env, values.config);
  if ('problems' in config) return refuse(config.problems);

  const { log, release } = logWriter({
    level: config.log.level,
    now: () => systemClock.wall(),
    output: standardOutput(),
  });
  const system = await startSystem(config, { log, ...fault.override });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void system.stop().then(() => process.exit()));
  process.on('SIGUSR2', () => void system.startEdgeAnew());
  const { apiUrl, sipAddress } = system;
  process.stdout.write(
    `ready api=${apiUrl} sip=udp:${sipAddress.host}:${sipAddress.port} fault=${fault.id}\n`,
  );
  release();
  return 0;
}

process.exitCode = await main();
