import { existsSync } from 'node:fs';

import type { Config } from '../config/config.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { openStore } from '../store/open_store.ts';
import { IN_MEMORY } from '../store/sqlite/sqlite_store.ts';
import { ADMIN_COMMANDS, type AdminCommand, type AdminOutcome } from './commands.ts';
import { readAdminOrder, type AdminOrder } from './order.ts';

const HELP = `Usage: admin.ts [--config FILE] COMMAND

Manages the clients and token keys in the store of the reference implementation. It works while the service runs,
which knows of a change at once. What a program may read goes to standard output, the rest to standard error.
Exit code 0: done; 1: failed; 2: wrong input or no store.

${ADMIN_COMMANDS.map(({ usage, purpose }) => `  ${usage}\n      ${purpose}`).join('\n')}

  --config FILE   the settings of the service, of which VOICE_EDGE_DATABASE (database) names the store
  --help          this text
  TIME            a number with s, m, h or d behind it: 90s, 15m, 24h, 7d
`;

/** Exit code for what the caller can mend. */
const WRONG_INPUT = 2;
const now = (): number => systemClock.wall();

/** Why there is no store to work on; undefined where there is, or where the command makes one. */
function storeProblem({ database }: Config, { words }: AdminCommand): string | undefined {
  if (database === IN_MEMORY) {
    return "the store is in memory, which nobody but the service can reach: set VOICE_EDGE_DATABASE to the service's file";
  }
  if (existsSync(database) || words.join(' ') === 'client add') return undefined;
  return `there is no store ${database}: set VOICE_EDGE_DATABASE to the file of the service`;
}

async function outcomeOf({ command, given, config }: AdminOrder): Promise<AdminOutcome> {
  const problem = storeProblem(config, command);
  if (problem !== undefined) return { problem };
  const isNew = !existsSync(config.database);
  const store = await openStore(config, now);
  try {
    const outcome = await command.run(
      {
        store,
        configuredIds: new Set([config.client, ...config.clients].flatMap(({ id }) => id ?? [])),
        tokenLifetimeSeconds: config.tokenLifetimeSeconds,
        now,
        randomBytes: (size) => systemRandom.bytes(size),
      },
      given,
    );
    if (!isNew || 'problem' in outcome) return outcome;
    return { ...outcome, notes: [`made a new store, ${config.database}`, ...outcome.notes] };
  } finally {
    await store.close();
  }
}

function fail(problems: readonly string[], exitCode = WRONG_INPUT): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = exitCode;
}

async function main(): Promise<void> {
  const order = readAdminOrder(process.argv.slice(2), process.env);
  if (order === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if ('problems' in order) return fail(order.problems);
  let outcome: AdminOutcome;
  try {
    outcome = await outcomeOf(order);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const { database } = order.config;
    const mend = "VOICE_EDGE_DATABASE has to name the service's SQLite file, which this user may write";
    return fail([`${database} cannot be worked on (${error.message}): ${mend}`], 1);
  }
  if ('problem' in outcome) return fail([outcome.problem]);
  for (const line of outcome.lines) process.stdout.write(`${line}\n`);
  for (const note of outcome.notes) process.stderr.write(`${note}\n`);
}

await main();
