// Loaded into the instrumented reference ahead of everything else: makes one mutant active at a time, and tells which
// were reached. Each line on a connection is a request, each gets a line in return.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

import { AT_START, FIRST_MUTANT, NO_MUTANT, REACHED, SWITCH_ADDRESS } from './switch_protocol.ts';

const FIRST_REQUEST = 'http.server.request.start';

/** What the instrumented code reads and writes. */
interface Instrumentation {
  activeMutant: string | undefined;
  /** By a mutant's number, how often its place was reached. */
  readonly mutantCoverage: {
    static: Record<string, number>;
    readonly perTest: Readonly<Record<string, never>>;
  };
}

const code: Instrumentation = {
  activeMutant: process.env[FIRST_MUTANT],
  mutantCoverage: { static: {}, perTest: {} },
};
Object.assign(globalThis, { __stryker__: code });

/** The numbers of the mutants reached since it was asked last. */
function reached(): string[] {
  const numbers = Object.keys(code.mutantCoverage.static);
  code.mutantCoverage.static = {};
  return numbers;
}

let atStart: readonly string[] = [];
const startIsOver = (): void => {
  unsubscribe(FIRST_REQUEST, startIsOver);
  atStart = reached();
};
subscribe(FIRST_REQUEST, startIsOver);

function answer(request: string): readonly string[] {
  if (request === AT_START) return atStart;
  if (request === REACHED) return reached();
  code.activeMutant = request === NO_MUTANT ? undefined : request;
  return [];
}

createServer((connection) => {
  connection.unref();
  connection.on('error', () => undefined);
  createInterface({ input: connection }).on('line', (request) => {
    connection.write(`${JSON.stringify(answer(request))}\n`);
  });
})
  .listen(SWITCH_ADDRESS)
  .unref();
