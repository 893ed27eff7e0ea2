import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EDGE_METRICS } from '../edge/edge_metrics.ts';
import type { Sample } from '../observe/metric.ts';
import { WorkerFigures } from './worker_figures.ts';

const EXCEPTIONS = 'voice_edge_exceptions_total';
const DIALOGS = 'voice_edge_dialogs';

/** A worker that answers with its figures, unless it is silent. */
interface TestWorker {
  samples: Sample[];
  silent?: boolean;
}

function figuresOf(...workers: TestWorker[]): WorkerFigures<TestWorker> {
  const figures: WorkerFigures<TestWorker> = new WorkerFigures((asked) => {
    if (asked.silent !== true) setImmediate(() => figures.heard(asked, asked.samples));
  }, EDGE_METRICS);
  for (const each of workers) figures.serves(each);
  return figures;
}

function worker(exceptions: number, dialogs: number): TestWorker {
  return {
    samples: [
      { name: EXCEPTIONS, labels: {}, value: exceptions },
      { name: DIALOGS, labels: {}, value: dialogs },
    ],
  };
}

async function value(figures: WorkerFigures<TestWorker>, name: string): Promise<number | undefined> {
  return (await figures.samples()).find((sample) => sample.name === name)?.value;
}

test('the figures of all workers are summed', async () => {
  const figures = figuresOf(worker(1, 10), worker(2, 20));
  assert.equal(await value(figures, EXCEPTIONS), 3);
  assert.equal(await value(figures, DIALOGS), 30);
  await figures.answer();
});

test('a lost worker’s counters stay, its gauges do not, and its replacement adds to them', async () => {
  const lost = worker(5, 10);
  const figures = figuresOf(lost, worker(1, 20));
  assert.equal(await value(figures, EXCEPTIONS), 6);
  figures.ended(lost, true);
  assert.equal(await value(figures, EXCEPTIONS), 6);
  assert.equal(await value(figures, DIALOGS), 20);
  assert.equal(await value(figures, 'voice_edge_workers_lost_total'), 1);
  figures.serves(worker(2, 1));
  assert.equal(await value(figures, EXCEPTIONS), 8);
  assert.equal(await value(figures, DIALOGS), 21);
});

test('a silent worker counts with its last figures, and the service is not ready', async () => {
  const sleeper = worker(5, 10);
  const figures = figuresOf(sleeper, worker(1, 20));
  assert.equal(await value(figures, EXCEPTIONS), 6);
  sleeper.silent = true;
  assert.equal(await value(figures, EXCEPTIONS), 6);
  await assert.rejects(figures.answer(), /1 of 2 edge workers do not answer/);
  sleeper.silent = false;
  await figures.answer();
});

test('without a worker the service is not ready; a worker that ends while it is asked delays nobody', async () => {
  const figures = figuresOf();
  await assert.rejects(figures.answer(), /no edge worker serves/);
  const dying: TestWorker = { samples: [], silent: true };
  figures.serves(dying);
  const asked = figures.samples();
  figures.ended(dying, false);
  const samples = await asked;
  assert.deepEqual(samples, [{ name: 'voice_edge_workers_lost_total', labels: {}, value: 0 }]);
});

test('late figures of a worker that is gone change nothing', async () => {
  const gone = worker(5, 10);
  const figures = figuresOf(gone);
  figures.ended(gone, false);
  figures.heard(gone, gone.samples);
  assert.equal(await value(figures, EXCEPTIONS), undefined);
});
