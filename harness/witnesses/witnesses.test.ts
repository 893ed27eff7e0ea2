import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import type { Place, TargetDescriptor } from '../target/descriptor.ts';
import { loadTarget } from '../target/load.ts';
import { HarnessError } from '../verdict.ts';
import { closeWitnesses, evidenceOf, openWitnesses, startWitnesses, unwatched } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'witnesses-'));
after(() => rmSync(folder, { recursive: true }));

const REFERENCE = loadTarget('reference');
const LOOPBACK: Place = REFERENCE.places.loopback ?? assert.fail('the reference has no place on loopback');
const NO_CAPTURE = `no packets can be captured in the place "loopback": SIPp's word stands alone`;
const NO_PLATFORM = 'nobody of ours stands where calls are delivered: the place "loopback" has no platform';

/** The result of `startWitnesses` for loopback, in a place without a stand-in. */
function absentFrom(descriptor: TargetDescriptor): ReturnType<typeof startWitnesses> {
  const { platform: _, ...place } = LOOPBACK;
  const run = { descriptor, placeName: 'loopback', place, folder, onProgress: () => assert.fail() } as const;
  return startWitnesses(run, (name) => assert.fail(`${name} was started`));
}

describe('the witnesses', () => {
  test('say why they are absent', async () => {
    const facts = await absentFrom(REFERENCE);
    assert.deepEqual(facts, {
      present: {},
      absent: { capture: NO_CAPTURE, voicePlatform: NO_PLATFORM },
    });
    assert.equal(unwatched('downstream-sip', facts), NO_PLATFORM);
    assert.equal(unwatched('tcp', facts), undefined);
    assert.deepEqual(openWitnesses(facts), {});
  });

  test('are not started where the target lacks what they watch', async () => {
    const absent = 'calls go to a carrier';
    const capabilities = { ...REFERENCE.capabilities, 'downstream-sip': { absent } };
    const facts = await absentFrom({ ...REFERENCE, capabilities });
    assert.equal(facts.absent.voicePlatform, absent);
  });

  test('are opened with the facts of their start, and go on reading', async () => {
    const trace = join(folder, 'trace.log');
    writeFileSync(trace, '');
    const endpoint = { address: '127.0.0.1', port: 6170 };
    const opened = openWitnesses({ present: { voicePlatform: { endpoint, trace } }, absent: {} });
    const { voicePlatform } = opened;
    assert.ok(voicePlatform);
    assert.deepEqual(voicePlatform.endpoint, endpoint);
    assert.deepEqual(voicePlatform.messages('a@b'), []);
    const text = 'INVITE sip:a SIP/2.0\r\nCall-ID: a@b\r\n\r\n';
    const rule = '-'.repeat(47);
    appendFileSync(
      trace,
      `${rule} 2026-01-02 03:04:05.678901\nUDP message received [${text.length}] bytes :\n\n${text}\n`,
    );
    assert.deepEqual(
      voicePlatform.messages('a@b').map(({ direction }) => direction),
      ['received'],
    );
    assert.deepEqual(await evidenceOf(opened, []), []);
    await closeWitnesses(opened);
  });

  test('are an error of the harness where the stand-in writes an unknown form', async () => {
    const trace = join(folder, 'unknown.log');
    writeFileSync(
      trace,
      `${'-'.repeat(47)} 2026-01-02\nUDP message received 47 octets:\n\nINVITE sip:a SIP/2.0\r\n\r\n`,
    );
    const endpoint = { address: '127.0.0.1', port: 6170 };
    const opened = openWitnesses({ present: { voicePlatform: { endpoint, trace } }, absent: {} });
    assert.throws(
      () => opened.voicePlatform?.messages('a@b'),
      (error) => error instanceof HarnessError && /"UDP message received 47 octets:"/.test(error.message),
    );
    await closeWitnesses(opened);
  });
});
