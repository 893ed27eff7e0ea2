import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LogEntry } from '../observe/log.ts';
import { StoreUnavailable } from '../store/store_unavailable.ts';
import { Readiness } from './readiness.ts';

/** Readiness of a store and an edge whose answers the test sets. */
function readinessOf(): {
  readiness: Readiness;
  logs: LogEntry[];
  answers: { store: () => Promise<void>; edge: () => Promise<void> };
} {
  const logs: LogEntry[] = [];
  const answers = { store: async () => {}, edge: async () => {} };
  const parts = [
    { name: 'store', answer: () => answers.store() },
    { name: 'signaling edge', answer: () => answers.edge() },
  ];
  return { readiness: new Readiness(parts, (entry) => logs.push(entry)), logs, answers };
}

test('holds while every part answers, and names a part that does not', async () => {
  const { readiness, logs, answers } = readinessOf();
  assert.equal(await readiness.problem(), undefined);
  answers.edge = () => Promise.reject(new Error('silent'));
  assert.equal(await readiness.problem(), 'the signaling edge does not answer');
  assert.equal(await readiness.problem(), 'the signaling edge does not answer');
  answers.edge = async () => {};
  assert.equal(await readiness.problem(), undefined);
  assert.deepEqual(
    logs.map(({ level, event }) => [level, event]),
    [
      ['warn', 'system.not-ready'],
      ['info', 'system.ready-again'],
    ],
  );
});

test('says what is wrong with the store if the store says so', async () => {
  const { readiness, answers } = readinessOf();
  answers.store = () => Promise.reject(new StoreUnavailable('STORE_FULL'));
  assert.equal(await readiness.problem(), 'the store takes no changes: its disk is full');
  answers.store = () => Promise.reject(new Error('another'));
  assert.equal(await readiness.problem(), 'the store does not answer');
});

test('does not wait forever for a part', async () => {
  const { readiness, answers } = readinessOf();
  answers.store = () => new Promise<void>(() => {});
  assert.equal(await readiness.problem(), 'the store does not answer');
});

test('ends when the service is told to stop, which is not logged as a failure', async () => {
  const { readiness, logs } = readinessOf();
  readiness.stopping();
  assert.equal(await readiness.problem(), 'the service is stopping');
  assert.deepEqual(logs, []);
});
