import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { expected, type Outcome, type Row } from './decision.ts';

const CALL: Row = {
  transport: 'UDP',
  mode: 'password',
  region: 'any',
  caller: 'US',
  requestUri: 'id',
  to: 'id',
  user: 'id',
  credentials: 'right',
  via: 'own address',
  toTag: 'none',
  qop: 'auth',
  cseq: 1,
};

function assertExpected(change: Partial<Row>, rule: string, ...acceptable: readonly Outcome[]): void {
  const { rule: by, acceptable: allowed } = expected({ ...CALL, ...change });
  assert.deepEqual([by, ...allowed.toSorted()], [rule, ...acceptable.toSorted()], JSON.stringify(change));
}

describe('what the documents say of an INVITE', () => {
  test('that proves itself', () => {
    assertExpected({}, 'sip.auth.accepted', 'through');
    assertExpected({ requestUri: 'uri', user: 'uri' }, 'sip.auth.accepted', 'through');
    assertExpected({ mode: 'both' }, 'sip.layered.both', 'through');
    assertExpected({ region: 'US' }, 'sip.region.allowed', 'through');
    assertExpected({ mode: 'list', credentials: 'wrong', user: 'nobody' }, 'sip.ip.no-challenge', 'through');
    assertExpected({ requestUri: 'other', to: 'other', user: 'other' }, 'sip.auth.accepted', 'through');
  });

  test('whose credentials prove nothing, or the wrong thing', () => {
    assertExpected({ credentials: 'none' }, 'sip.challenge', '407', '407 stale');
    assertExpected({ credentials: 'wrong' }, 'sip.auth.wrong-password', '401');
    assertExpected({ mode: 'both', credentials: 'wrong' }, 'sip.layered.digest-fails', '401');
    assertExpected({ credentials: 'right, old nonce' }, 'sip.auth.stale-nonce', '407 stale');
    assertExpected({ credentials: 'wrong, old nonce' }, 'sip.auth.stale-nonce', '407', '407 stale');
    assertExpected({ credentials: 'right, forged nonce' }, 'sip.auth.forged-nonce', '407', '407 stale');
    assertExpected({ credentials: 'right, used nonce count' }, 'sip.auth.nonce-replay', '407', '407 stale');
    assertExpected({ credentials: 'right, for another host' }, 'hard.digest.uri', '407', '407 stale');
    assertExpected({ credentials: 'right, foreign realm' }, 'sip.auth.foreign-realm', '407', '407 stale');
  });

  test('that names another application than it is for', () => {
    assertExpected({ user: 'other' }, 'sip.identity.auth-user', '403');
    assertExpected({ user: 'former', credentials: 'wrong' }, 'sip.identity.auth-user', '403');
    assertExpected({ to: 'other' }, 'sip.identity.to', '403');
    assertExpected({ requestUri: 'former' }, 'sip.identity.request-uri', '403');
    const unproved = { requestUri: 'nobody', credentials: 'none' } as const;
    assertExpected(unproved, 'sip.identity.request-uri', '403', '407', '407 stale');
    assertExpected({ to: 'other', mode: 'both', caller: 'EU' }, 'sip.identity.to', '401', '403');
  });

  test('for an application that is off or does not exist', () => {
    assertExpected({ mode: 'off' }, 'sip.disabled', '401');
    assertExpected({ mode: 'off', user: 'other' }, 'sip.disabled', '401', '403');
    const gone = { requestUri: 'former', to: 'former', user: 'former' } as const;
    assertExpected(gone, 'sip.unknown-application', '401');
    assertExpected({ ...gone, user: 'id' }, 'sip.unknown-application', '401', '403');
  });

  test('from where nobody may call', () => {
    const elsewhere = { caller: 'EU' } as const;
    assertExpected({ ...elsewhere, mode: 'list' }, 'sip.ip.not-listed', '401');
    assertExpected({ ...elsewhere, mode: 'list', credentials: 'none' }, 'sip.ip.not-listed', '401');
    assertExpected({ ...elsewhere, mode: 'both' }, 'sip.layered.ip-fails', '401');
    const late = { ...elsewhere, credentials: 'none' } as const;
    assertExpected({ ...late, mode: 'both' }, 'sip.layered.ip-fails', '401', '407', '407 stale');
    assertExpected({ ...elsewhere, region: 'US' }, 'sip.region.refused', '401');
    assertExpected({ caller: 'elsewhere', region: 'EU' }, 'sip.region.refused', '401');
    assertExpected({ ...elsewhere, mode: 'both', region: 'EU' }, 'sip.layered.ip-fails', '401');
    assertExpected({ mode: 'list', region: 'EU' }, 'sip.region.refused', '401');
  });

  test('is the same whatever its Via pretends, and over TCP', () => {
    assert.deepEqual(expected({ ...CALL, transport: 'TCP' }), expected(CALL));
    for (const via of ["another customer's address", 'host name'] as const)
      assert.deepEqual(expected({ ...CALL, via }), expected(CALL));
  });

  test('with an invented To tag: it is never let in', () => {
    const tagged = { toTag: 'invented' } as const;
    assertExpected(tagged, 'sip.dialog.auth', '407', '407 stale', '481');
    assertExpected({ ...tagged, credentials: 'wrong' }, 'sip.dialog.auth', '401', '481');
    assertExpected({ ...tagged, mode: 'list' }, 'sip.dialog.auth', '407', '407 stale', '481');
  });
});
