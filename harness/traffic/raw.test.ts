import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { withOwnBranch } from './raw.ts';

const OWN = new Randomness(7).hex(8);

function changed(via: string): string {
  const message = `OPTIONS sip:b SIP/2.0\r\n${via}\r\nCall-ID: 1\r\n\r\n`;
  const lines = withOwnBranch(Buffer.from(message, 'latin1'), new Randomness(7))
    .toString('latin1')
    .split('\r\n');
  assert.deepEqual([lines[0], ...lines.slice(2)], ['OPTIONS sip:b SIP/2.0', 'Call-ID: 1', '', '']);
  return lines[1] ?? '';
}

describe('a branch of its own', () => {
  test('is made from the old one, however that is written', () => {
    assert.equal(
      changed('Via: SIP/2.0/UDP a;branch=z9hG4bKkdjuw'),
      `Via: SIP/2.0/UDP a;branch=z9hG4bK${OWN}kdjuw`,
    );
    assert.equal(
      changed('v: SIP/2.0/UDP a ; BRANCH = z9hG4bK\xff;x'),
      `v: SIP/2.0/UDP a ; BRANCH = z9hG4bK${OWN}\xff;x`,
    );
  });

  test('is the topmost', () => {
    const [top, below] = ['SIP/2.0/UDP a;branch=z9hG4bK1', 'SIP/2.0/UDP b;branch=z9hG4bK2'];
    assert.equal(changed(`Via: ${top}, ${below}`), `Via: ${top.replace('bK1', `bK${OWN}1`)}, ${below}`);
  });

  test('is not given to a message with none, or an empty one', () => {
    for (const via of [
      'Via: SIP/2.0/UDP a',
      'Via: SIP/2.0/UDP a;branch=z9hG4bK',
      'Via: SIP/2.0/UDP a;branch=1',
    ])
      assert.equal(changed(via), via);
  });
});
