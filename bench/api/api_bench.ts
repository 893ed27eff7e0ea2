import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Running } from '../../commands/command.ts';
import { MANAGEMENT_API } from '../edge/places.ts';
import { startReferenceEdge } from '../edge/reference_edge.ts';
import { ServerProcess } from '../edge/server_process.ts';
import { measured } from '../measured.ts';
import { measureDirectory } from './directory.ts';
import type { ApiOptions } from './options.ts';
import { steadyRequests, type Latencies, type Managed } from './requests.ts';
import { apiResults, apiText } from './results.ts';

/** Lets the compiler finish before anything is measured: it compiles by the number of calls, not by time. */
const WARM_UP = { rate: 600, seconds: 20 };
const READY_MS = 15_000;

/** Measures, inside the lab, and resolves with the exit code. Rejects with a HarnessError if it cannot measure. */
export function apiBench(options: ApiOptions, running: Running): Promise<number> {
  return measured({ name: 'api', folder: options.folder, running }, async ({ signal, say }) => {
    const bare = await bareRequests(options, signal, say);
    const latencies = await requestsOver(options, signal, say);
    const directory = await measureDirectory(options.applications, say);
    const results = apiResults(options, { bare, latencies, directory });
    return { results, text: apiText(results), isGood: results.failed === 0 };
  });
}

/** The share of a latency that is the machine's, the network's and this client's. */
async function bareRequests(
  options: ApiOptions,
  signal: AbortSignal,
  say: (doing: string) => void,
): Promise<Latencies> {
  await using undo = new AsyncDisposableStack();
  const server = await ServerProcess.start(
    'the bare server',
    [process.execPath, 'bench/api/bare_server.ts'],
    {},
    join(options.folder, 'bench-bare-server.log'),
  );
  undo.defer(() => server.stop());
  const baseUrl = `http://${MANAGEMENT_API.host}:${MANAGEMENT_API.port}`;
  const isReady = async (): Promise<boolean> => (await fetch(baseUrl).catch(() => undefined))?.ok === true;
  await server.untilReady(isReady, READY_MS, signal);
  const sayOfBare = (doing: string): void => say(`a bare server, ${doing}`);
  return await warmedUp({ baseUrl, path: '/', token: 'none' }, options, signal, sayOfBare);
}

async function requestsOver(
  options: ApiOptions,
  signal: AbortSignal,
  say: (doing: string) => void,
): Promise<Latencies> {
  await using undo = new AsyncDisposableStack();
  const database = mkdtempSync(join(tmpdir(), 'bench-api-'));
  undo.defer(() => rmSync(database, { recursive: true }));
  say('starting the reference');
  const environment = { VOICE_EDGE_DATABASE: join(database, 'store.db') };
  const reference = await startReferenceEdge(options.folder, environment, signal);
  undo.defer(() => reference.process.stop());
  const { baseUrl, account, tokens } = reference.management;
  const path = `/v2/accounts/${account}/voice-applications/${reference.applications.password.id}`;
  const managed = { baseUrl, path, token: await tokens.token() };
  return await warmedUp(managed, options, signal, say);
}

async function warmedUp(
  managed: Managed,
  { rate, seconds }: ApiOptions,
  signal: AbortSignal,
  say: (doing: string) => void,
): Promise<Latencies> {
  say(`warming up: ${WARM_UP.seconds} s`);
  await steadyRequests(managed, WARM_UP, signal);
  say(`${rate} requests a second: ${seconds} s`);
  return await steadyRequests(managed, { rate, seconds }, signal);
}
