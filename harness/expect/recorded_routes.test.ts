import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { deliveredOnRoute } from './recorded_routes.ts';

const HERE = { address: '192.0.2.1', port: 5060 };
const OWN = 'Record-Route: <sip:token@192.0.2.9:6160;lr>';
const OTHERS = ['Record-Route: <sip:near;lr>', 'Record-Route: <sip:far;lr>'];

function invite(...lines: readonly string[]): string {
  return ['INVITE sip:a@b SIP/2.0', ...lines, 'Call-ID: a', 'CSeq: 1 INVITE', '', ''].join('\r\n');
}

function delivered(...lines: readonly string[]): WireMessage[] {
  const message = messageIn(Buffer.from(invite(...lines), 'latin1'), HERE, HERE);
  assert.ok(message);
  return [message];
}

describe('a delivered INVITE', () => {
  test('has the service on top of its recorded route, and the others below, in lines or in a list', () => {
    assertFits(deliveredOnRoute({ sent: invite(), delivered: delivered(OWN) }));
    assertFits(deliveredOnRoute({ sent: invite(...OTHERS), delivered: delivered(OWN, ...OTHERS) }));
    const listed = 'Record-Route: <sip:token@192.0.2.9;lr>, <sip:near;lr>,<sip:far;lr>';
    assertFits(deliveredOnRoute({ sent: invite(...OTHERS), delivered: delivered(listed) }));
  });

  test('lacks the service, its lr, or the others', () => {
    const wish = 'an INVITE with the service on top of its recorded route, as a loose router';
    for (const [came, actual] of [
      [[], /no Record-Route of the service with ;lr: Record-Route: none/],
      [['Record-Route: <sip:token@192.0.2.9:6160>'], /no Record-Route of the service with ;lr/],
    ] as const)
      assertMisfit(deliveredOnRoute({ sent: invite(), delivered: delivered(...came) }), {
        acceptable: wish,
        actual,
      });
    assertMisfit(deliveredOnRoute({ sent: invite(...OTHERS), delivered: delivered(OWN, OTHERS[0]!) }), {
      acceptable: wish,
      actual: /for Record-Route: "<sip:near;lr>", "<sip:far;lr>"/,
    });
    assertMisfit(deliveredOnRoute({ sent: invite(), delivered: [] }), {
      acceptable: wish,
      actual: 'no INVITE was delivered',
    });
  });
});
