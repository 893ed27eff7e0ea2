import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { expectedPatch, type GrantedPatch, type ListValue, type PatchRow, type SourceFlaw } from './patch.ts';

const ABSENT = { kind: 'absent' } as const;
const PATCH: PatchRow = {
  before: 'both',
  enabled: 'absent',
  password: 'absent',
  sources: ABSENT,
  regions: ABSENT,
  renames: false,
  misfit: undefined,
  turn: 0,
  type: 'JSON',
  sent: 'once',
};
const good = (...entries: readonly string[]): ListValue<never> => ({ kind: 'good', entries });
const PRIVATE: ListValue<SourceFlaw> = { kind: 'bad', flaw: 'app.cidr.rejected', entries: ['10.0.0.0/8'] };
const UNKNOWN: PatchRow['regions'] = { kind: 'bad', flaw: 'app.regions.unknown', entries: ['ATLANTIS'] };

function assertRefused(change: Partial<PatchRow>, rule: string): void {
  const expectation = expectedPatch({ ...PATCH, ...change });
  assert.deepEqual(expectation, { rule, mayBeRefused: true, granted: undefined }, JSON.stringify(change));
}

function assertGranted(change: Partial<PatchRow>, rule: string, wanted: Partial<GrantedPatch>): void {
  const { rule: by, mayBeRefused, granted } = expectedPatch({ ...PATCH, ...change });
  assert.deepEqual([by, mayBeRefused], [rule, false], JSON.stringify(change));
  assert.deepEqual({ ...granted, ...wanted }, granted);
}

describe('what the documents say of a PATCH', () => {
  test('that enables', () => {
    const off = { before: 'off', enabled: true } as const;
    const fresh = { uri: 'new' } as const;
    assertGranted({ ...off, password: true }, 'app.enable.password', { ...fresh, tellsPassword: true });
    assertGranted({ ...off, sources: good('203.0.113.0/24') }, 'app.enable.ip-only', fresh);
    assertGranted({ ...off, password: true, sources: good('0.0.0.0/0') }, 'app.enable.layered', fresh);
    assertGranted({ ...off, before: 'off again', password: true }, 'app.reenable.fresh', fresh);
    assertRefused({ ...off, password: false }, 'app.enable.needs-auth-mode');
    assertRefused({ ...off, sources: good() }, 'app.enable.needs-auth-mode');
  });

  test('that changes what is on', () => {
    assertGranted({ password: true }, 'app.rotate.keeps-rest', { uri: 'same', tellsPassword: true });
    assertGranted({ password: false }, 'app.password-off', { hasPassword: false, regions: ['EU'] });
    assertGranted({ regions: good('US') }, 'app.regions.only', { hasPassword: true, regions: ['US'] });
    assertGranted({ sources: good() }, 'app.source-ips.replaced-whole', { sources: [] });
    assertRefused({ password: false, sources: good() }, 'app.last-mechanism');
    assertRefused({ before: 'list', sources: good() }, 'app.last-mechanism');
    assertRefused({ sources: PRIVATE }, 'app.cidr.rejected');
    assertRefused({ regions: UNKNOWN, password: true }, 'app.regions.unknown');
    assertRefused({ regions: UNKNOWN, sources: PRIVATE }, 'app.patch.atomic');
  });

  test('that has what no PATCH may have', () => {
    const misfit = { rule: 'app.errors', field: 'allowedRegions', value: 7, what: 'a number' };
    assertRefused({ misfit }, 'app.errors');
    assertRefused({ misfit, password: false, sources: good() }, 'app.patch.atomic');
  });

  test('that is a merge patch', () => {
    assertGranted({ type: 'merge patch', regions: good('US') }, 'app.patch.merge-patch', { regions: ['US'] });
    assertRefused({ type: 'merge patch', regions: UNKNOWN }, 'app.patch.merge-patch');
  });

  test('that disables', () => {
    const cleared = { isOn: false, hasPassword: false, sources: [], regions: [], uri: 'none' } as const;
    assertGranted({ enabled: false }, 'app.disable.clears', cleared);
    assertRefused({ enabled: false, password: true }, 'app.patch.atomic');
    assertRefused({ enabled: false, sources: good('0.0.0.0/0') }, 'app.patch.atomic');
    const { mayBeRefused, granted } = expectedPatch({ ...PATCH, enabled: false, regions: good() });
    assert.deepEqual([mayBeRefused, granted?.uri], [true, 'none'], 'the documents leave it open');
  });

  test('that sets up what is off', () => {
    for (const change of [{ password: false }, { sources: good() }, { regions: good('US') }])
      assertRefused({ before: 'off', ...change }, 'app.patch.atomic');
  });
});
