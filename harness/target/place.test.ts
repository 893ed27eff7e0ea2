import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { wayIntoLab } from '../lab/namespace.ts';
import { HarnessError } from '../verdict.ts';
import type { PlaceName, TargetDescriptor } from './descriptor.ts';
import { loadTarget } from './load.ts';
import { choosePlace } from './place.ts';

const REFERENCE = loadTarget('reference');
const REMOTE = loadTarget('targets/remote.example.yaml');

function having(...names: readonly PlaceName[]): TargetDescriptor {
  const place = REFERENCE.places.loopback;
  return { ...REFERENCE, places: Object.fromEntries(names.map((name) => [name, place])) };
}

function refusal(descriptor: TargetDescriptor, asked: PlaceName | undefined): string {
  try {
    choosePlace(descriptor, asked);
  } catch (error) {
    assert.ok(error instanceof HarnessError);
    return error.message;
  }
  return 'it is chosen';
}

function withEnvironment(t: TestContext, name: string, value: string): void {
  const former = process.env[name];
  t.after(() => {
    if (former === undefined) delete process.env[name];
    else process.env[name] = former;
  });
  process.env[name] = value;
}

describe('choosePlace', () => {
  test('takes the place that is asked for', () => {
    assert.deepEqual(choosePlace(REFERENCE, 'loopback'), { name: 'loopback' });
    assert.deepEqual(choosePlace(REMOTE, 'remote'), { name: 'remote' });
  });

  test('takes the best there is: loopback before remote', () => {
    assert.deepEqual(choosePlace(REMOTE, undefined), { name: 'remote' });
    assert.deepEqual(choosePlace(having('remote', 'loopback'), undefined), { name: 'loopback' });
  });

  test('takes the lab first, with the way into it', { skip: 'reason' in wayIntoLab() }, () => {
    const { name, way } = choosePlace(REFERENCE, undefined);
    assert.equal(name, 'lab');
    assert.ok(way && way.length > 1, String(way));
  });

  test('needs no way into the lab when the run is already inside', (t) => {
    withEnvironment(t, 'CONFORMANCE_LAB', '1');
    assert.deepEqual(choosePlace(REFERENCE, undefined), { name: 'lab' });
  });

  test('lists the places where the one asked for is missing', () => {
    assert.equal(
      refusal(REFERENCE, 'remote'),
      'the target reference cannot be run in the place "remote": its descriptor has lab, loopback',
    );
  });

  test('falls back to loopback where no lab can be raised, and says why', (t) => {
    withEnvironment(t, 'PATH', '/nowhere');
    const { name, insteadOfLab } = choosePlace(REFERENCE, undefined);
    assert.equal(name, 'loopback');
    assert.match(insteadOfLab ?? '', /^no network namespace can be made here \(unshare is not on PATH/);
  });

  test('says what a lab needs where it is required and cannot be raised', (t) => {
    withEnvironment(t, 'PATH', '/nowhere');
    const needs =
      /^the lab cannot be raised: no network namespace can be made here \(.*\)\. It needs util-linux/;
    assert.match(refusal(REFERENCE, 'lab'), needs);
    assert.match(refusal(REFERENCE, 'lab'), /Or go without it: --place loopback\.$/);
    assert.match(refusal(having('lab'), undefined), needs);
    assert.match(
      refusal(having('lab'), undefined),
      /The descriptor has no place loopback to fall back to\.$/,
    );
  });
});
