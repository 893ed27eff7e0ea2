import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import { LAB_PREFIXES } from './addresses.ts';
import {
  assertSafeToSend,
  currentNetwork,
  interfaceLeadingOut,
  isLabAddress,
  reasonToRefuse,
} from './guard.ts';

const LO = ['127.0.0.1/8', '198.18.67.80/32', '203.0.113.0/24'];

describe('isLabAddress', () => {
  test('knows the addresses of the plan, up to the last of each prefix', () => {
    for (const address of [
      '198.18.67.0',
      '198.18.67.15',
      '198.18.67.33',
      '198.18.67.53',
      '198.18.67.80',
      '198.18.67.111',
      '203.0.113.255',
      '198.51.100.0',
      '198.19.79.255',
    ])
      assert.ok(isLabAddress(address), address);
  });

  test('is false for every other address', () => {
    for (const address of [
      '127.0.0.1',
      '198.18.67.16',
      '198.18.67.54',
      '198.18.67.81',
      '203.0.114.0',
      '192.0.2.1',
      'api.example',
      '::1',
    ])
      assert.ok(!isLabAddress(address), address);
  });
});

const refused = (view: Parameters<typeof reasonToRefuse>[1]) => reasonToRefuse('198.18.67.80', view);

describe('reasonToRefuse', () => {
  test('finds no reason where lo is alone and owns the address', () => {
    assert.equal(refused({ interfaces: { lo: LO }, routedInterfaces: [] }), undefined);
    assert.equal(refused({ interfaces: { lo: LO }, routedInterfaces: ['lo'] }), undefined);
  });

  test('refuses beside another interface, even where lo owns the address', () => {
    assert.equal(
      refused({ interfaces: { lo: LO, eth0: ['192.0.2.7/24'] }, routedInterfaces: [] }),
      'the interface eth0 leads out of this machine',
    );
  });

  test('refuses where a route leads over an interface without an address', () => {
    assert.equal(
      refused({ interfaces: { lo: LO }, routedInterfaces: ['lo', 'tun0'] }),
      'the interface tun0 leads out of this machine',
    );
  });

  test('refuses where lo does not own the address, or is not up', () => {
    const unowned = 'the loopback interface does not own it';
    assert.equal(refused({ interfaces: { lo: ['127.0.0.1/8'] }, routedInterfaces: [] }), unowned);
    assert.equal(refused({ interfaces: {}, routedInterfaces: [] }), unowned);
  });
});

describe('outside the lab', () => {
  test('sends to no address of the plan', () => {
    for (const { prefix } of LAB_PREFIXES) {
      const address = prefix.split('/')[0] ?? '';
      assert.throws(
        () => assertSafeToSend(address),
        (error) => {
          assert.ok(error instanceof HarnessError);
          assert.ok(
            error.message.startsWith(`refusing to send to the lab address ${address}: the `),
            error.message,
          );
          assert.ok(error.message.endsWith('Run inside the lab.'), error.message);
          return true;
        },
      );
    }
  });

  test('sends to any other address', () => {
    assertSafeToSend('127.0.0.1');
    assertSafeToSend('sip.voice.example');
  });

  test('sees the interfaces of this machine', () => {
    const view = currentNetwork();
    assert.ok(view.interfaces['lo']?.includes('127.0.0.1/8'), JSON.stringify(view));
    assert.equal(interfaceLeadingOut({ interfaces: { lo: LO }, routedInterfaces: ['lo'] }), undefined);
  });
});
