import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { CalledSide } from './called_side.ts';
import { linesOf, written } from './raw_request.ts';

const HERE = '127.0.0.1';

describe('CalledSide', () => {
  let one: CalledSide;
  let other: CalledSide;

  beforeEach(async () => {
    one = await CalledSide.open(HERE, 2_000);
    other = await CalledSide.open(HERE, 50);
  });
  afterEach(() => {
    one.close();
    other.close();
  });

  function info(): string {
    const shape = { method: 'INFO', uri: 'sip:a@b', to: '<sip:a@b>', callId: 'one' };
    return written(linesOf(shape, other.local, new Randomness(1)));
  }

  test('hears what is sent to it, octet by octet', async () => {
    other.send(info().replace('Max-Forwards: 70', 'Subject: \xff'), one.local);
    const came = await one.until(({ callId }) => callId === 'one');
    assert.equal(came?.method, 'INFO');
    assert.equal(came.header('Subject'), '\xff');
    assert.deepEqual(came.source, other.local);
  });

  test('waits no longer than its patience', async () => {
    assert.equal(await other.until(() => true), undefined);
  });

  test('an address that is not of this machine cannot be called at', async () => {
    await assert.rejects(CalledSide.open('192.0.2.1', 50), /192\.0\.2\.1 cannot be bound to be called at/);
  });
});
