import { parseArgs } from 'node:util';

import { readConfig, type Config } from '../config/config.ts';
import { ADMIN_COMMANDS, type AdminArguments, type AdminCommand } from './commands.ts';

const OPTIONS = {
  config: { type: 'string' },
  help: { type: 'boolean' },
  account: { type: 'string' },
  id: { type: 'string' },
  overlap: { type: 'string' },
  'drop-former': { type: 'boolean' },
} as const;

/** A command line that was understood. */
export interface AdminOrder {
  readonly command: AdminCommand;
  readonly given: AdminArguments;
  readonly config: Config;
}

/** Reads the command line: an order, 'help', or what is wrong. */
export function readAdminOrder(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): AdminOrder | 'help' | { readonly problems: readonly string[] } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [`${reason} (--help lists the commands)`] };
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [topic, verb, ...names] = positionals;
  const command = ADMIN_COMMANDS.find(({ words }) => words[0] === topic && words[1] === verb);
  if (command === undefined) {
    const known = ADMIN_COMMANDS.map(({ words }) => words.join(' ')).join(', ');
    const asked = positionals.length === 0 ? 'no command' : `no command "${positionals.join(' ')}"`;
    return { problems: [`${asked}: there are ${known} (--help explains them)`] };
  }
  const { config: file, account, id, overlap } = values;
  const given = { name: names[0] ?? '', account, id, overlap, dropFormer: values['drop-former'] ?? false };
  const isCalledRight =
    names.length === (command.takes.includes('name') ? 1 : 0) &&
    (given.name !== '') === command.takes.includes('name') &&
    (['account', 'id', 'overlap'] as const).every(
      (name) => given[name] === undefined || command.takes.includes(name),
    ) &&
    (!given.dropFormer || command.takes.includes('dropFormer'));
  if (!isCalledRight) return { problems: [`the command is: ${command.usage}`] };
  const problem = command.problem?.(given);
  if (problem !== undefined) return { problems: [problem] };
  const config = readConfig(environment, file);
  return 'problems' in config ? config : { command, given, config };
}
