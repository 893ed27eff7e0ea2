import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { builtCall, handedOver, returned, sent } from '../testing/built_call.ts';
import { credentialsPassedOn, voicePlatformReceived } from './deliveries.ts';

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
