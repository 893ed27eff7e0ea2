import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { startEdge, type Edge } from '../edge/edge.ts';
import type { EdgeOptions } from '../edge/edge_options.ts';
import type { LogEntry } from '../observe/log.ts';
import { LoopbackEdge } from '../testing/loopback_edge.ts';
import { LoneEdge } from './lone_edge.ts';

let lab: LoopbackEdge;
let log: LogEntry[];

beforeEach(async () => {
  lab = await LoopbackEdge.start();
  log = [];
});

afterEach(() => lab.stop());

/** A lone edge beside that of the lab, with what of it is otherwise. */
function started(otherwise: {
  readonly options?: () => Promise<EdgeOptions>;
  readonly startEdge?: (options: EdgeOptions) => Promise<Edge>;
}): Promise<LoneEdge> {
  return LoneEdge.start({
    options: async () => ({ ...lab.options, drainMs: 0 }),
    startEdge,
    log: (entry) => log.push(entry),
    ...otherwise,
  });
}

const events = (): string[] => log.map(({ event }) => event);

test('starts anew at the same address', async () => {
  const begun: EdgeOptions[] = [];
  const edge = await started({
    startEdge(options) {
      begun.push(options);
      return startEdge(options);
    },
  });
  await Promise.all([edge.startAnew(), edge.startAnew()]);
  assert.deepEqual(
    begun.map(({ listen }) => listen.port),
    [0, edge.address.port, edge.address.port],
  );
  assert.deepEqual(events(), ['edge.started-anew', 'edge.started-anew']);
  await edge.answer();
  assert.ok((await edge.samples()).length > 0);
  await edge.stop();
});

test('stays as it is if its configuration has become wrong', async () => {
  let isWrong = false;
  const edge = await started({
    async options() {
      if (isWrong) throw new Error('the region database cannot be read');
      return { ...lab.options, drainMs: 0 };
    },
  });
  isWrong = true;
  await edge.startAnew();
  await edge.answer();
  assert.deepEqual(log, [
    { level: 'error', event: 'edge.not-started-anew', why: 'Error: the region database cannot be read' },
  ]);
  await edge.stop();
});

test('tries again until it starts, and does not answer meanwhile', async () => {
  let starts = 0;
  const unanswered: Promise<void>[] = [];
  const edge = await started({
    async startEdge(options) {
      starts += 1;
      if (starts !== 2) return startEdge(options);
      unanswered.push(assert.rejects(edge.answer(), /has not started anew yet/));
      assert.deepEqual(await edge.samples(), []);
      throw new Error('the port is taken');
    },
  });
  await edge.startAnew();
  await Promise.all(unanswered);
  assert.equal(unanswered.length, 1);
  assert.deepEqual(events(), ['edge.start-failed', 'edge.started-anew']);
  await edge.stop();
});

test('a stop ends the trying', async () => {
  let starts = 0;
  const edge = await started({
    startEdge(options) {
      starts += 1;
      return starts === 1 ? startEdge(options) : Promise.reject(new Error('the port is taken'));
    },
  });
  void edge.startAnew();
  await edge.stop();
  assert.ok(starts <= 2, String(starts));
});
