import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt, raiseLab } from '../../harness/lab/namespace.ts';
import { Progress } from '../../harness/run/progress.ts';
import { startReferenceEdge } from '../edge/reference_edge.ts';
import { measureDirectory } from './directory.ts';
import type { ApiOptions } from './options.ts';
import { steadyRequests, type Latencies } from './requests.ts';
import { apiResults, apiText } from './results.ts';

const INTERRUPTED = 130;
/** So that the compiler has done its work before anything is measured. */
const WARM_UP_SECONDS = 5;

/** Measures, inside the lab, and resolves with the exit code. Rejects with a HarnessError where it cannot be measured. */
export async function apiBench(options: ApiOptions): Promise<number> {
  raiseLab();
  mkdirSync(options.folder, { recursive: true });
  const interrupt = new AbortController();
  onInterrupt(() => interrupt.abort());
  const progress = new Progress(process.stderr, 'bench');
  try {
    const latencies = await requestsOver(options, interrupt.signal, progress.say);
    const directory = await measureDirectory(options.applications, progress.say);
    interrupt.signal.throwIfAborted();
    progress.clear();
    const results = apiResults(options, latencies, directory);
    const json = join(options.folder, 'bench-api.json');
    writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(`${apiText(results)}\nwritten: ${json}\n`);
    return results.failed > 0 ? 1 : 0;
  } catch (error) {
    progress.clear();
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('bench: interrupted; nothing is written\n');
    return INTERRUPTED;
  }
}

async function requestsOver(
  { rate, seconds, folder }: ApiOptions,
  signal: AbortSignal,
  say: (doing: string) => void,
): Promise<Latencies> {
  await using undo = new AsyncDisposableStack();
  const database = mkdtempSync(join(tmpdir(), 'bench-api-'));
  undo.defer(() => rmSync(database, { recursive: true }));
  say('starting the reference');
  const environment = { VOICE_EDGE_DATABASE: join(database, 'store.db') };
  const reference = await startReferenceEdge(folder, environment, signal);
  undo.defer(() => reference.process.stop());
  const { baseUrl, account, tokens } = reference.management;
  const path = `/v2/accounts/${account}/voice-applications/${reference.applications.password.id}`;
  const managed = { baseUrl, path, token: await tokens.token() };
  say(`warming up: ${WARM_UP_SECONDS} s`);
  await steadyRequests(managed, { rate, seconds: WARM_UP_SECONDS }, signal);
  say(`${rate} requests a second: ${seconds} s`);
  return await steadyRequests(managed, { rate, seconds }, signal);
}
