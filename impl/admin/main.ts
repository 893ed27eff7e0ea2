import { existsSync } from 'node:fs';

import type { Config } from '../config/config.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { openStore } from '../store/open_store.ts';
import { IN_MEMORY } from '../store/sqlite/sqlite_store.ts';
import { ADMIN_COMMANDS, type AdminCommand, type AdminOutcome } from './commands.ts';
import { readAdminOrder, type AdminOrder } from './order.ts';

const HELP = `Usage: admin.ts [--config FILE] COMMAND

Manages the clients and token keys in the store of the reference implementation. The service may be running: changes
hold at once. Standard output is for programs, standard error for people.
Exit code 0: done; 1: failed; 2: wrong input or no store.

${ADMIN_COMMANDS.map(({ usage, purpose }) => `  ${usage}\n      ${purpose}`).join('\n')}

  --config FILE   the settings of the service; VOICE_EDGE_DATABASE (database) names the store
  --help          this text
  TIME            a number followed by s, m, h or d: 90s, 15m, 24h, 7d
`;

/** Exit code for mistakes the caller can correct. */
const WRONG_INPUT = 2;
const now = (): number => systemClock.wall();

/** Why there is no store to work on; undefined if there is one or the command makes one. */
function storeProblem({ database }: Config, { words }: AdminCommand): string | undefined {
  if (database === IN_MEMORY) {
    return "the store is in memory, where only the service can reach it: set VOICE_EDGE_DATABASE to the service's file";
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
    const mend =
      "VOICE_EDGE_DATABASE must name the service's SQLite file, and this user must be able to write it";
    return fail([`${database} cannot be used (${error.message}): ${mend}`], 1);
  }
  if ('problem' in outcome) return fail([outcome.problem]);
  for (const line of outcome.lines) process.stdout.write(`${line}\n`);
  for (const note of outcome.notes) process.stderr.write(`${note}\n`);
}

await main();
