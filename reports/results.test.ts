import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  AttachmentContentEncoding,
  TestStepResultStatus,
  type Envelope,
  type Pickle,
  type TestStepResult,
} from '@cucumber/messages';

import { WITHHELD_MEDIA_TYPE, type Withheld } from '../harness/verdict.ts';
import { ResultCollector } from './results.ts';

const TIME = { seconds: 1, nanos: 0 };
const GONE: Withheld = { verdict: 'inconclusive', reason: 'the target has gone' };

function selected(name: string, ...tags: readonly string[]): Envelope[] {
  const pickle: Pickle = {
    id: name,
    uri: 'features/any.feature',
    name,
    language: 'en',
    astNodeIds: [],
    steps: [],
    tags: ['@sip.hops', ...tags].map((tag) => ({ name: tag, astNodeId: '' })),
  };
  return [{ pickle }, { testCase: { id: `case ${name}`, pickleId: name, testSteps: [] } }];
}

function begun(name: string): Envelope {
  const testCaseStarted = { id: name, testCaseId: `case ${name}`, attempt: 0, timestamp: TIME };
  return { testCaseStarted };
}

function ended(name: string): Envelope {
  return { testCaseFinished: { testCaseStartedId: name, timestamp: TIME, willBeRetried: false } };
}

/** A step that found the rule broken. */
function broken(name: string): Envelope {
  const testStepResult: TestStepResult = {
    status: TestStepResultStatus.FAILED,
    duration: { seconds: 0, nanos: 0 },
    message: 'broken',
    exception: { type: 'RuleViolation', message: 'broken' },
  };
  return {
    testStepFinished: { testCaseStartedId: name, testStepId: 'step', testStepResult, timestamp: TIME },
  };
}

function withheld(name: string, body: Withheld): Envelope {
  return {
    attachment: {
      testCaseStartedId: name,
      body: JSON.stringify(body),
      contentEncoding: AttachmentContentEncoding.IDENTITY,
      mediaType: WITHHELD_MEDIA_TYPE,
      timestamp: TIME,
    },
  };
}

function collected(...envelopes: readonly Envelope[]): ResultCollector {
  const collector = new ResultCollector('/anywhere');
  for (const envelope of envelopes) collector.receive(envelope);
  return collector;
}

describe('a scenario whose target has gone', () => {
  test('is inconclusive, whatever it came to before', () => {
    const failed = [...selected('a'), begun('a'), broken('a')];
    const kept = collected(...failed, withheld('a', GONE), ended('a')).results();
    assert.equal(kept.scenarios[0]?.verdict, 'failed');
    const voided = collected(...failed, withheld('a', { ...GONE, voids: true }), ended('a')).results();
    const [{ verdict, reason, failure } = {}] = voided.scenarios;
    assert.deepEqual([verdict, reason, failure], ['inconclusive', GONE.reason, undefined]);
  });

  test('names the rule that the target broke first', () => {
    const body: Withheld = { verdict: 'inconclusive', reason: 'no challenge', breaks: 'sip.challenge' };
    const { scenarios } = collected(...selected('a'), begun('a'), withheld('a', body), ended('a')).results();
    assert.deepEqual([scenarios[0]?.verdict, scenarios[0]?.breaks], ['inconclusive', 'sip.challenge']);
  });

  test('is inconclusive where the run was cut, in flight or not begun; what had ended stands', () => {
    const envelopes = ['ended', 'in flight', 'waiting'].flatMap((name) => selected(name));
    const collector = collected(...envelopes, begun('ended'), ended('ended'), begun('in flight'));
    const verdicts = (cut?: Withheld): string[] =>
      collector.results(cut).scenarios.map(({ name, verdict }) => `${name}: ${verdict}`);
    assert.deepEqual(verdicts(), ['ended: passed', 'in flight: error']);
    assert.deepEqual(verdicts(GONE), ['ended: passed', 'in flight: inconclusive', 'waiting: inconclusive']);
  });
});

test('a tag is running while a scenario with it is in flight', () => {
  const collector = collected(...selected('a', '@flood'), ...selected('b'), begun('b'));
  assert.equal(collector.isRunning('flood'), false);
  collector.receive(begun('a'));
  assert.equal(collector.isRunning('flood'), true);
  collector.receive(ended('a'));
  assert.equal(collector.isRunning('flood'), false);
});
