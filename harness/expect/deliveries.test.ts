import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { builtCall, handedOver, returned, sent } from '../testing/built_call.ts';
import {
  cancelDelivered,
  credentialsPassedOn,
  deliveredOneHopLess,
  voicePlatformReceived,
} from './deliveries.ts';

const WHERE = 'the INVITE delivered to the voice platform';

const credentials = (realm: string, user: string): string =>
  `Proxy-Authorization: Digest username="${user}", realm="${realm}"`;

const [own, before, behind] = [
  credentials('here.example', 'me'),
  credentials('elsewhere.example', 'one'),
  credentials('elsewhere.example', 'two'),
];

describe('credentialsPassedOn', () => {
  const invite = sent('INVITE sip:x@s SIP/2.0', 'CSeq: 2 INVITE', before, own, behind);
  const cameWith = (...headers: readonly string[]) =>
    builtCall([invite], { delivered: [handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE', ...headers)] });

  test('wants all credentials of the realm, as they were sent', () => {
    assertFits(credentialsPassedOn(cameWith(before, behind), 'elsewhere.example'));
    assertMisfit(credentialsPassedOn(cameWith(before), 'elsewhere.example'), {
      acceptable: '2 Proxy-Authorization for the realm "elsewhere.example", as they were sent',
      actual: '1 of them',
      where: WHERE,
    });
  });

  test('does not match where none were sent', () => {
    assertMisfit(credentialsPassedOn(cameWith(), 'nowhere.example'), {
      acceptable: '0 Proxy-Authorization for the realm "nowhere.example", as they were sent',
      actual: '0 of them',
    });
  });
});

describe('voicePlatformReceived', () => {
  const invite = handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE');

  test('distinguishes what the voice platform received from what it sent', () => {
    const came = builtCall([], { delivered: [invite, handedOver('ACK sip:x@p SIP/2.0', 'CSeq: 2 ACK')] });
    assertFits(voicePlatformReceived(came, 'ACK'));
    const left = builtCall([], { delivered: [invite, returned('BYE sip:x@s SIP/2.0', 'CSeq: 1 BYE')] });
    assertMisfit(voicePlatformReceived(left, 'BYE'), {
      acceptable: 'BYE at the voice platform',
      actual: 'it never came',
    });
  });

  test('matches where no stand-in watched the voice platform', () => {
    assertFits(voicePlatformReceived(builtCall([]), 'ACK'));
  });
});

function hopsSent(line: string): string {
  return `INVITE sip:x@s SIP/2.0\r\n${line}Content-Length: 0\r\n\r\n`;
}

test('a delivered INVITE has one hop less, and 70 where it had none', () => {
  const [last, whole, capped] = [0, 70, 69].map((hops) => [
    handedOver('INVITE sip:x@p SIP/2.0', `Max-Forwards: ${hops}`),
  ]);
  assertFits(deliveredOneHopLess({ sent: hopsSent('Max-Forwards: 1\r\n'), delivered: last }));
  assertFits(deliveredOneHopLess({ sent: hopsSent(''), delivered: whole }));
  assertMisfit(deliveredOneHopLess({ sent: hopsSent('Max-Forwards: 255\r\n'), delivered: capped }), {
    acceptable: 'Max-Forwards: 254',
    actual: 'Max-Forwards: 69',
    where: WHERE,
  });
});

const cancelWith = (...headers: readonly string[]) => handedOver('CANCEL sip:x@p SIP/2.0', ...headers);

describe('cancelDelivered', () => {
  const lines = ['Via: SIP/2.0/UDP s;branch=z9hG4bK1', 'From: <sip:a@b>;tag=a', 'To: <sip:x@s>'];
  const invite = handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE', ...lines);
  test('wants what identifies the INVITE', () => {
    const delivered = [invite, cancelWith('CSeq: 2 CANCEL', ...lines)];
    assertFits(cancelDelivered({ delivered }));
    assertMisfit(cancelDelivered({ delivered: [invite] }), {
      acceptable: 'a CANCEL of the INVITE that rings',
      actual: 'no CANCEL was delivered',
    });
  });

  test('tells what differs', () => {
    const [via, ...others] = lines;
    const other = via!.replace('bK1', 'bK2');
    assertMisfit(cancelDelivered({ delivered: [invite, cancelWith('CSeq: 2 CANCEL', other, ...others)] }), {
      acceptable: 'a CANCEL of the INVITE that rings, with its branch: z9hG4bK1',
      actual: 'branch: z9hG4bK2',
      where: 'the CANCEL delivered to the voice platform',
    });
    assertMisfit(cancelDelivered({ delivered: [invite, cancelWith('CSeq: 3 CANCEL', ...lines)] }), {
      acceptable: 'a CANCEL of the INVITE that rings, with its CSeq number: 2',
      actual: 'CSeq number: 3',
    });
  });
});
