// The reference alone, on loopback, for a person who wants to try it: what to open, what to paste, how to call it.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { SippError, startSipp, type SippProcess } from 'sipp-ts-wrapper';
import { createApplication } from '../../harness/clients/application.ts';
import { HttpJournal } from '../../harness/clients/http.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import { TokenSource, type ClientCredentials } from '../../harness/clients/oauth.ts';
import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { onInterrupt } from '../../harness/lab/namespace.ts';
import { Progress } from '../../harness/run/progress.ts';
import { TargetProcess } from '../../harness/target/process.ts';
import type { Place } from '../../harness/target/descriptor.ts';
import { untilReady } from '../../harness/target/readiness.ts';
import { isTaken } from '../../harness/target/vacancy.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { startGuide } from './guide.ts';

const HELP = `Usage: npm start -- [options]

Runs the reference implementation on loopback and prints what is needed to try it: URLs, a client id and secret,
an application, commands to paste, and the settings of a SIP client. Ctrl-C stops it.

  --api-port PORT        of the management API, TCP                          (8080)
  --sip-port PORT        of the signaling edge, UDP                          (6160)
  --platform-port PORT   of the SIPp that stands for the voice platform, UDP (6170)
  --database FILE        an SQLite file that keeps the applications          (:memory:, gone at the end)
  --help                 this text

VOICE_EDGE_CLIENT_ID and VOICE_EDGE_CLIENT_SECRET in the environment set the OAuth client; without them its secret is
made for this run. What else VOICE_EDGE_… sets: node_modules/.bin/node impl/main.ts --help.

Exit codes: 0 stopped by Ctrl-C, 1 the reference or the SIPp behind it ended by itself, 2 it could not be started,
130 interrupted before it was ready, or twice.
`;

const HOST = '127.0.0.1';
const PLATFORM_SCENARIO = 'scenarios/sip/voice-platform.xml';
const IN_MEMORY = ':memory:';
const LOG_FOLDER = 'reports/out/start';
const READY_MS = 15_000;
const INTERRUPTED = 130;

interface Options {
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

function readOptions(argv: readonly string[]): Options | 'help' {
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

/** The client of the environment, or one whose secret is made for this run. */
function oauthClient(environment: NodeJS.ProcessEnv): ClientCredentials {
  const id = environment['VOICE_EDGE_CLIENT_ID'];
  const secret = environment['VOICE_EDGE_CLIENT_SECRET'];
  if (id !== undefined && secret !== undefined) return { id, secret };
  if (id === undefined && secret === undefined) {
    return { id: 'npm-start', secret: randomBytes(18).toString('base64url') };
  }
  const missing = id === undefined ? 'VOICE_EDGE_CLIENT_ID' : 'VOICE_EDGE_CLIENT_SECRET';
  throw new HarnessError(`${missing} is not set, but its counterpart is: set both, or neither`);
}

async function assertFree({ apiPort, sipPort, platformPort }: Options): Promise<void> {
  const host = HOST;
  const claims = [
    { protocol: 'TCP', host, port: apiPort, user: 'the management API', field: '--api-port' },
    { protocol: 'UDP', host, port: sipPort, user: 'the signaling edge', field: '--sip-port' },
    {
      protocol: 'UDP',
      host,
      port: platformPort,
      user: "the voice platform's stand-in",
      field: '--platform-port',
    },
  ] as const;
  for (const claim of claims) {
    if (!(await isTaken(claim))) continue;
    throw new HarnessError(
      `${host}:${claim.port} (${claim.protocol}) is taken, where ${claim.user} is to be: stop the program that ` +
        `has it, or choose another port with ${claim.field}`,
    );
  }
}

async function startPlatform(platformPort: number): Promise<SippProcess> {
  return startSipp({
    scenario: PLATFORM_SCENARIO,
    local: { address: HOST, port: platformPort },
    calls: 'unbounded',
    trace: { messages: false, logs: false },
  });
}

/** Starts the reference and resolves when it answers. */
async function startReference(
  { apiPort, sipPort, platformPort, database }: Options,
  settings: Readonly<Record<string, string>>,
  logFile: string,
  signal: AbortSignal,
): Promise<TargetProcess> {
  const environment = {
    ...settings,
    VOICE_EDGE_API_HOST: HOST,
    VOICE_EDGE_API_PORT: String(apiPort),
    VOICE_EDGE_SIP_HOST: HOST,
    VOICE_EDGE_SIP_PORT: String(sipPort),
    VOICE_EDGE_NEXT_HOP_HOST: HOST,
    VOICE_EDGE_NEXT_HOP_PORT: String(platformPort),
    VOICE_EDGE_DATABASE: database,
  };
  const command = [process.execPath, 'impl/main.ts'];
  const reference = await TargetProcess.start(command, environment, logFile);
  const place = {
    start: { command, environment: {} },
    api: apiOf(apiPort),
    readyUrl: `${apiOf(apiPort).baseUrl}/health/ready`,
    sip: { host: HOST, port: sipPort },
    vantagePoints: [],
  };
  try {
    await untilReady(place, { from: HOST, patienceMs: READY_MS, ended: reference.ended, signal });
  } catch (error) {
    await reference.stop();
    throw error;
  }
  return reference;
}

function apiOf(apiPort: number): Place['api'] {
  const baseUrl = `http://${HOST}:${apiPort}`;
  return { baseUrl, tokenUrl: `${baseUrl}/api/v1/oauth2/token` };
}

async function run(options: Options, signal: AbortSignal, progress: Progress): Promise<number> {
  const { apiPort, sipPort, platformPort, database } = options;
  const client = oauthClient(process.env);
  const account = process.env['VOICE_EDGE_ACCOUNT'] ?? '9900000';
  const domain = process.env['VOICE_EDGE_SIP_DOMAIN'] ?? 'sip-uri.voice-api.example';
  await assertFree(options);
  mkdirSync(LOG_FOLDER, { recursive: true });
  const logFile = join(LOG_FOLDER, `reference-${apiPort}.log`);
  await using undo = new AsyncDisposableStack();

  progress.say('starting SIPp, which stands for the voice platform');
  const platform = await startPlatform(platformPort);
  undo.defer(async () => void (await platform.stop(0)));
  progress.say('starting the reference');
  const settings = {
    VOICE_EDGE_ACCOUNT: account,
    VOICE_EDGE_SIP_DOMAIN: domain,
    VOICE_EDGE_CLIENT_ID: client.id,
    VOICE_EDGE_CLIENT_SECRET: client.secret,
  };
  const reference = await startReference(options, settings, logFile, signal);
  undo.defer(() => reference.stop());

  const { baseUrl, tokenUrl } = apiOf(apiPort);
  const api = new ManagementClient(new HttpJournal(), new TokenSource(tokenUrl, client), baseUrl, account);
  const { id: applicationId } = await createApplication(api);
  progress.clear();
  process.stdout.write(
    startGuide({
      api: baseUrl,
      tokenUrl,
      account,
      client,
      applicationId,
      domain,
      edge: { host: HOST, port: sipPort },
      platform: { host: HOST, port: platformPort, scenario: PLATFORM_SCENARIO },
      database: database === IN_MEMORY ? undefined : database,
      logFile,
    }),
  );

  const failure = await Promise.race([
    aborted(signal),
    reference.ended.then(({ sentence }) => `the reference ended by itself: ${sentence}`),
    platform.exited.then(
      ({ reason }) => `the SIPp that stands for the voice platform ended by itself: ${reason}`,
      (error: unknown) => `the SIPp that stands for the voice platform failed: ${String(error)}`,
    ),
  ]);
  if (failure === undefined) progress.say('stopping');
  else complain(failure);
  await undo.disposeAsync();
  progress.clear();
  return failure === undefined ? 0 : 1;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function complain(sentence: string): void {
  process.stderr.write(`start: ${sentence}\n`);
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  onInterrupt(() => interrupt.abort());
  const progress = new Progress(process.stderr, 'start');
  try {
    return await run(options, interrupt.signal, progress);
  } catch (error) {
    progress.clear();
    if (!interrupt.signal.aborted) throw error;
    complain('interrupted');
    return INTERRUPTED;
  }
}

// Who reads only the beginning, as head does, shall not leave a reference behind that nobody stops.
process.stdout.on('error', () => {});
process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    const isExpected = error instanceof HarnessError || error instanceof SippError;
    complain(isExpected ? error.message : inspect(error));
    return 2;
  }),
);
