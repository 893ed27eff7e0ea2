import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { HarnessError } from '../../harness/verdict.ts';

/** A store in memory, gone at the end (SQLite's name). */
export const IN_MEMORY = ':memory:';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm start -- [options]

Runs the reference implementation on loopback and prints what is needed to try it: URLs, a client id and secret,
an application, commands to paste, and the settings of a SIP client. Ctrl-C stops it.

  --api-port PORT        of the management API, TCP                          (8080)
  --sip-port PORT        of the signaling edge, UDP                          (6160)
  --platform-port PORT   of the SIPp that stands for the voice platform, UDP (6170)
  --database FILE        an SQLite file that keeps the applications          (:memory:, gone at the end)
  --help                 this text

VOICE_EDGE_CLIENT_ID and VOICE_EDGE_CLIENT_SECRET in the environment set the OAuth client; without them its secret is
made for this run. node_modules/.bin/node impl/main.ts --help lists the other VOICE_EDGE_… variables.
`;

/** What the user asks for. */
export interface StartOptions {
  readonly apiPort: number;
  readonly sipPort: number;
  readonly platformPort: number;
  readonly database: string;
}

const FLAGS = {
  'api-port': { type: 'string', default: '8080' },
  'sip-port': { type: 'string', default: '6160' },
  'platform-port': { type: 'string', default: '6170' },
  database: { type: 'string', default: IN_MEMORY },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readOptions(argv: readonly string[]): StartOptions | 'help' {
  const { values } = readCommandLine('npm start --', argv, { options: FLAGS });
  if (values.help) return 'help';
  const folder = dirname(values.database);
  if (values.database !== IN_MEMORY && !existsSync(folder)) {
    throw new HarnessError(`--database ${values.database}: there is no folder ${folder}; make it first`);
  }
  return {
    apiPort: wholeNumber('--api-port', values['api-port'], 1, 65_535),
    sipPort: wholeNumber('--sip-port', values['sip-port'], 1, 65_535),
    platformPort: wholeNumber('--platform-port', values['platform-port'], 1, 65_535),
    database: values.database,
  };
}
