import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import type { Rule, RuleCapability } from '../rules.ts';
import type { Place, TargetDescriptor } from '../target/descriptor.ts';
import { loadTarget } from '../target/load.ts';
import { HarnessError } from '../verdict.ts';
import type { WitnessFacts } from '../witnesses/index.ts';
import type { RunEnd } from './facts.ts';
import { Workbench } from './workbench.ts';

const REFERENCE = loadTarget('reference');
const ACCOUNTS = [REFERENCE.account, REFERENCE.otherAccount ?? assert.fail('the reference has one account')];
const VARIABLES = ACCOUNTS.flatMap(({ clientId, clientSecret }) => [
  clientId.environment,
  clientSecret.environment,
]);
for (const name of VARIABLES) process.env[name] ??= 'for-the-workbench';

const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
after(() => rmSync(folder, { recursive: true }));
const endFile = join(folder, 'end.json');
const trace = join(folder, 'trace.log');
writeFileSync(trace, '');

const VOICE_PLATFORM: WitnessFacts = {
  present: { voicePlatform: { endpoint: { address: '127.0.0.1', port: 1 }, trace } },
  absent: { capture: 'none' },
};

function bench(
  changes: Partial<TargetDescriptor> = {},
  placeChanges: Partial<Place> = {},
  witnesses = VOICE_PLATFORM,
): Workbench {
  const descriptor = { ...REFERENCE, ...changes };
  const lab = REFERENCE.places.lab ?? assert.fail('the reference has no lab');
  const place = { ...lab, ...placeChanges };
  return new Workbench({
    descriptor,
    rules: [rule(), { ...rule(), id: 'sip.challenge' }],
    placeName: 'lab',
    place,
    witnesses,
    defaultAddress: '127.0.0.1',
    seed: 1,
    endFile,
  });
}

function rule(...requires: readonly RuleCapability[]): Rule {
  return { id: 'sip.any', basis: 'doc', source: 's', sentence: 'S.', requires };
}

describe('withheld', () => {
  test('withholds nothing that the target has', () => {
    assert.equal(bench().withheld(rule()), undefined);
    assert.equal(bench().withheld(rule('vantage-points', 'downstream-sip')), undefined);
  });

  test("skips what the target says it lacks, in the descriptor's words", () => {
    const capabilities = { ...REFERENCE.capabilities, media: { absent: 'no relay is built' } };
    assert.deepEqual(bench({ capabilities }).withheld(rule('media')), {
      verdict: 'skipped',
      reason: 'no relay is built',
    });
  });

  test('is inconclusive where calls can come from one address only', () => {
    assert.deepEqual(bench({}, { vantagePoints: [] }).withheld(rule('vantage-points')), {
      verdict: 'inconclusive',
      reason: 'calls can only come from one address in the place "lab"',
    });
  });

  test('is inconclusive where the witness for it is absent, with the reason for that', () => {
    const absent = { voicePlatform: 'nobody of ours stands where calls are delivered' };
    const blind = bench({}, {}, { present: {}, absent });
    assert.deepEqual(blind.withheld(rule('downstream-sip')), {
      verdict: 'inconclusive',
      reason: 'nobody of ours stands where calls are delivered',
    });
    assert.equal(blind.withheld(rule('tcp')), undefined);
  });

  test('is inconclusive where no client of another account is named', () => {
    assert.equal(bench().withheld(rule('other-account')), undefined);
    assert.deepEqual(bench({ otherAccount: undefined }).withheld(rule('other-account')), {
      verdict: 'inconclusive',
      reason: 'the descriptor of reference names no client of another account (otherAccount)',
    });
  });

  test('says the first reason of several', () => {
    const capabilities = { ...REFERENCE.capabilities, tcp: { absent: 'UDP only' } };
    const withheld = bench({ capabilities }, { vantagePoints: [] }).withheld(rule('tcp', 'vantage-points'));
    assert.equal(withheld?.reason, 'UDP only');
  });
});

describe('withheldFrom', () => {
  test('knows the customers that the place has an address for', () => {
    const one = bench({}, { vantagePoints: [{ name: 'US', address: '203.0.113.10', region: 'US' }] });
    assert.equal(one.withheldFrom('US'), undefined);
    assert.deepEqual(one.withheldFrom('EU'), {
      verdict: 'inconclusive',
      reason: 'the place "lab" has no vantage point "EU" to call from',
    });
  });
});

describe('a workbench', () => {
  test('knows the rules of the catalogue, and no others', () => {
    assert.equal(bench().rule('sip.challenge').basis, 'doc');
    assert.throws(
      () => bench().rule('sip.challange'),
      /^HarnessError: features\/rules\.yaml has no rule sip\.challange$/,
    );
  });

  test('has no early end until there is one', () => {
    const one = bench();
    assert.equal(one.earlyEnd, undefined);
    const end: RunEnd = { kind: 'target-ended', sentence: 'it ended', details: 'its last lines' };
    writeFileSync(endFile, JSON.stringify(end));
    assert.deepEqual(one.earlyEnd, end);
  });

  test('says which variable of the client is gone', (t) => {
    const [name = ''] = VARIABLES;
    const value = process.env[name];
    t.after(() => (process.env[name] = value));
    delete process.env[name];
    assert.throws(
      () => bench(),
      (error) => {
        assert.ok(error instanceof HarnessError);
        assert.equal(error.message, `the environment variable ${name} is gone`);
        return true;
      },
    );
  });
});
