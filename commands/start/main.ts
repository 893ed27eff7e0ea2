// The reference alone, on loopback, for a person who wants to try it: what to open, what to paste, how to call it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { SippProcess } from 'sipp-ts-wrapper';

import { createApplication } from '../../harness/clients/application.ts';
import { HttpJournal } from '../../harness/clients/http.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import { TokenSource } from '../../harness/clients/oauth.ts';
import { EXIT } from '../../harness/exit_code.ts';
import { Progress } from '../../harness/run/progress.ts';
import type { TargetProcess } from '../../harness/target/process.ts';
import { STAND_IN } from '../../harness/witnesses/voice_platform.ts';
import { runCommand, type Running } from '../command.ts';
import { startGuide } from './guide.ts';
import { HELP, IN_MEMORY, readOptions, type StartOptions } from './options.ts';
import { startPlatform } from './platform.ts';
import { assertFree, HOST } from './ports.ts';
import { apiAt, ownerIn, startReference, type Owner } from './reference.ts';

const LOG_FOLDER = 'reports/out/start';

async function run(options: StartOptions, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  const owner = ownerIn(process.env);
  await assertFree(options);
  mkdirSync(LOG_FOLDER, { recursive: true });
  const logFile = join(LOG_FOLDER, `reference-${options.apiPort}.log`);
  const progress = new Progress(process.stderr, 'start');
  try {
    await using undo = new AsyncDisposableStack();
    progress.say('starting SIPp, which stands for the voice platform');
    const platform = await startPlatform(options.platformPort);
    undo.defer(async () => void (await platform.stop(0)));
    progress.say('starting the reference');
    const reference = await startReference(options, owner, logFile, signal);
    undo.defer(() => reference.stop());
    const guide = await guideTo(options, owner, logFile);
    progress.clear();
    process.stdout.write(guide);

    const failure = await Promise.race([aborted(signal), failureOf(reference, platform)]);
    if (failure === undefined) progress.say('stopping');
    else say(failure);
    return failure === undefined ? EXIT.fine : EXIT.notSo;
  } finally {
    progress.clear();
  }
}

/** Makes an application, and tells how to try it. */
async function guideTo(
  { apiPort, sipPort, platformPort, database }: StartOptions,
  { account, domain, client }: Owner,
  logFile: string,
): Promise<string> {
  const { baseUrl, tokenUrl } = apiAt(apiPort);
  const api = new ManagementClient(new HttpJournal(), new TokenSource(tokenUrl, client), baseUrl, account);
  const { id: applicationId } = await createApplication(api);
  return startGuide({
    api: baseUrl,
    tokenUrl,
    account,
    client,
    applicationId,
    domain,
    edge: { host: HOST, port: sipPort },
    platform: { host: HOST, port: platformPort, scenario: STAND_IN.scenario },
    database: database === IN_MEMORY ? undefined : database,
    logFile,
  });
}

/** Resolves with what happened when one of them has ended by itself. */
function failureOf(reference: TargetProcess, platform: SippProcess): Promise<string> {
  return Promise.race([
    reference.ended.then(({ sentence }) => `the reference ended by itself: ${sentence}`),
    platform.exited.then(
      ({ reason }) => `the SIPp that stands for the voice platform ended by itself: ${reason}`,
      (error: unknown) => `the SIPp that stands for the voice platform failed: ${String(error)}`,
    ),
  ]);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

await runCommand({
  name: 'start',
  help: HELP,
  exits: {
    fine: 'stopped by Ctrl-C once it ran',
    notSo: 'the reference or the SIPp behind it ended by itself',
  },
  readOptions,
  run,
});
