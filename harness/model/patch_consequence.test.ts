import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BEFORE, type GrantedPatch } from './patch.ts';
import { consequenceOf, type PatchCaller } from './patch_consequence.ts';
import { patchRows, type PatchTableRow } from './patch_rows.ts';

const US: PatchCaller = { address: '203.0.113.10', region: 'US' };
const EU: PatchCaller = { address: '203.0.113.140', region: 'EU' };
const ELSEWHERE: PatchCaller = { address: '198.51.100.20', region: null };
const [ROW] = patchRows(['US', 'EU']);

/** A row whose PATCH leaves this. */
function leaving(state: Partial<GrantedPatch>): PatchTableRow {
  const granted = { ...BEFORE.list, uri: 'same', tellsPassword: false, ...state } as const;
  return { ...(ROW ?? assert.fail('there is no row')), granted };
}

function assertRule(row: PatchTableRow, caller: PatchCaller, rule: string, first: string): void {
  const { rule: by, acceptable } = consequenceOf(row, caller);
  assert.deepEqual([by, acceptable[0]], [rule, first]);
}

test('a call is judged by what the PATCH leaves', () => {
  assertRule(leaving({ isOn: false }), US, 'sip.disabled', '401');
  assertRule(leaving({ hasPassword: true, sources: [] }), ELSEWHERE, 'sip.challenge', '407');
  assertRule(leaving({ sources: ['203.0.113.0/25'] }), US, 'sip.ip.no-challenge', 'through');
  assertRule(leaving({ sources: ['203.0.113.0/25'] }), EU, 'sip.ip.not-listed', '401');
  assertRule(leaving({ sources: ['0.0.0.0/0'] }), ELSEWHERE, 'sip.ip.no-challenge', 'through');
  assertRule(leaving({ hasPassword: true, sources: ['203.0.113.0/25'] }), EU, 'sip.layered.ip-fails', '401');
});

test('a region counts where some are named, and no region is in none of them', () => {
  const named = leaving({ sources: ['0.0.0.0/0'], regions: ['US', 'EU'] });
  assertRule(named, US, 'sip.region.allowed', 'through');
  assertRule(named, EU, 'sip.region.allowed', 'through');
  assertRule(named, ELSEWHERE, 'sip.region.refused', '401');
  assertRule(leaving({ sources: ['0.0.0.0/0'], regions: ['US'] }), EU, 'sip.region.refused', '401');
});

test('a call after a refused PATCH is judged by what was before', () => {
  const row = patchRows(['US']).find(
    ({ row: { before }, granted }) => before === 'list' && granted === undefined,
  );
  assertRule(row ?? assert.fail('there is no such row'), US, 'sip.ip.no-challenge', 'through');
});
