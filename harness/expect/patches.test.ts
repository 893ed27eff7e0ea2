import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { patchRows } from '../model/patch_rows.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import {
  calledAsDocumented,
  patchedAsDocumented,
  patchOutcome,
  type CalledPatch,
  type TriedPatch,
} from './patches.ts';

const ON = {
  applicationId: 'id',
  applicationName: 'name',
  callInitiatedCallbackUrl: 'https://a.example',
  sipUri: 'sip:one@voice.example',
  inboundSipCallsEnabled: true,
  passwordAuthEnabled: true,
  allowedSourceIps: [],
  allowedRegions: [],
};
const rows = patchRows(['US', 'EU']);
const ROTATION = rows.find(
  ({ rule, row: { before, enabled, sources, regions } }) =>
    rule === 'app.rotate.keeps-rest' &&
    before === 'password' &&
    enabled === 'absent' &&
    sources.kind === 'absent' &&
    regions.kind === 'absent',
);
const REFUSAL = rows.find(({ rule }) => rule === 'app.last-mechanism');

function answer(status: number, data: unknown): HttpAnswer {
  const json = { links: [], data, errors: [] };
  return {
    status,
    durationMs: 1,
    headers: new Headers(),
    json,
    text: JSON.stringify(json),
    request: { method: 'PATCH', url: 'http://a/b', headers: {} },
  };
}

function tried(change: Partial<TriedPatch>): TriedPatch {
  const row = ROTATION ?? assert.fail('there is no such row');
  return {
    row,
    before: answer(200, ON),
    answer: answer(200, { ...ON, sipAuthPassword: 'new' }),
    after: answer(200, ON),
    lastUser: 'one',
    passwords: ['old'],
    applicationName: 'name',
    ...change,
  };
}

function odd(change: Partial<TriedPatch>, actual: string): void {
  const match = patchOutcome(tried(change));
  assert.equal(match.ok ? 'it fits' : match.actual, actual);
}

describe('what became of a PATCH', () => {
  test('fits where it is granted, and all is as it should be', () => {
    assertFits(patchOutcome(tried({})));
  });

  test('does not fit where it is refused, or leaves something else', () => {
    odd({ answer: answer(400, null) }, '400');
    odd({ answer: answer(200, ON) }, 'no password told');
    odd({ answer: answer(200, { ...ON, sipAuthPassword: 'old' }) }, 'a former password');
    odd({ after: answer(200, { ...ON, sipUri: 'sip:two@voice.example' }) }, 'another SIP URI');
    odd({ after: answer(200, { ...ON, sipUri: null }) }, 'no SIP URI');
    odd({ after: answer(200, { ...ON, allowedRegions: ['US'] }) }, 'allowedRegions ["US"]');
    odd({ after: answer(200, { ...ON, applicationName: 'other' }) }, 'applicationName "other"');
  });

  test('fits where it has to be refused, is, and nothing has changed', () => {
    const row = REFUSAL ?? assert.fail('there is no such row');
    assertFits(patchOutcome(tried({ row, answer: answer(400, null) })));
    const changed = answer(200, { ...ON, allowedRegions: ['US'] });
    const match = patchOutcome(tried({ row, answer: answer(400, null), after: changed }));
    assert.match(
      match.ok ? '' : match.actual,
      /^400, and then allowedRegions \[\]; now allowedRegions \["US"\]$/,
    );
    assert.ok(!patchOutcome(tried({ row })).ok, 'granted');
  });
});

describe('patchedAsDocumented', () => {
  test('tells the rows that deviate by their names', () => {
    const all = [tried({}), tried({ answer: answer(500, null) })];
    assertFits(patchedAsDocumented(all.slice(0, 1), () => ''));
    assertMisfit(
      patchedAsDocumented(all, ({ name }) => `again ${name}`),
      {
        acceptable:
          'success, and then inboundSipCallsEnabled true, passwordAuthEnabled true, allowedSourceIps [], allowedRegions [], the same SIP URI, a new password',
        actual: /^in 1 of 2 rows: 500 \(on with a password; /,
        where: /again on with a password/,
      },
    );
  });
});

function called(statusLine: string): CalledPatch {
  return {
    row: ROTATION ?? assert.fail('there is no such row'),
    expected: { rule: 'sip.challenge', acceptable: ['407', '407 stale'] } as const,
    attempt: {
      name: 'one',
      sent: '',
      callIds: ['one'],
      answers: [received(`SIP/2.0 ${statusLine}`, 'Call-ID: one', 'CSeq: 1 INVITE')],
      delivered: [],
      passedOn: undefined,
      afterwards: undefined,
    },
  };
}

describe('calledAsDocumented', () => {
  test('tells the PATCHes after which a call ended otherwise', () => {
    assertFits(calledAsDocumented([called('407 Who')]));
    assertMisfit(calledAsDocumented([called('407 Who'), called('401 No')]), {
      acceptable: ['407', '407 stale'],
      actual: /^after 1 of 2 PATCHes: 401 \(on with a password; .*: 407 or 407 stale\)$/,
      where: /attached/,
    });
  });
});
