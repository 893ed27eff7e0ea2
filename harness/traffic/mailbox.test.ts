import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import { Mailbox } from './mailbox.ts';

const PLACE = { address: '192.0.2.1', port: 5060 };

function message(callId: string): WireMessage {
  const text = `OPTIONS sip:a SIP/2.0\r\nCall-ID: ${callId}\r\n\r\n`;
  return messageIn(Buffer.from(text), PLACE, PLACE) ?? assert.fail(text);
}

const of =
  (callId: string) =>
  (one: WireMessage): boolean =>
    one.callId === callId;

describe('a mailbox', () => {
  test('finds what has come already, the first of it', async () => {
    const mailbox = new Mailbox(1_000);
    mailbox.put(message('a'), 1);
    mailbox.put(message('b'), 2);
    mailbox.put(message('b'), 3);
    assert.equal((await mailbox.until(of('b')))?.at, 2);
    assert.equal(mailbox.heard.length, 3);
  });

  test('waits for what is still to come, for everybody who does', async () => {
    const mailbox = new Mailbox(1_000);
    const waits = [mailbox.until(of('a')), mailbox.until(of('a')), mailbox.until(of('b'))];
    mailbox.put(message('b'), 1);
    mailbox.put(message('a'), 2);
    assert.deepEqual(
      (await Promise.all(waits)).map((heard) => heard?.at),
      [2, 2, 1],
    );
  });

  test('the next one is not one that has come', async () => {
    const mailbox = new Mailbox(1_000);
    mailbox.put(message('a'), 1);
    const next = mailbox.next(of('a'));
    mailbox.put(message('a'), 2);
    assert.equal((await next)?.at, 2);
  });

  test('ends a wait when its time is over', async () => {
    const mailbox = new Mailbox(10_000);
    assert.equal(await mailbox.until(of('a'), 5), undefined);
    assert.equal(await new Mailbox(5).next(of('a')), undefined);
  });
});
