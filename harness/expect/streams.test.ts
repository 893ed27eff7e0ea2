import { test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { StreamAttempt } from '../traffic/raw_stream.ts';
import { ofEach } from './match.ts';
import { brokenOff, nothingBetrayed } from './streams.ts';

function attempt(found: Partial<StreamAttempt> = {}): StreamAttempt {
  return { name: 'a length', sent: '', answers: [], isClosed: true, betrayed: [], ...found };
}

const BAD = received('SIP/2.0 400 Bad', 'CSeq: 1 OPTIONS');
const OK = received('SIP/2.0 200 OK', 'CSeq: 1 OPTIONS');
const acceptable = '400 or another refusal, or no answer, and a closed connection';

test('a connection ends with a refusal or without an answer', () => {
  assertFits(ofEach([attempt(), attempt({ answers: [BAD] })], brokenOff));
  const open = attempt({ answers: [BAD], isClosed: false });
  assertMisfit(ofEach([attempt(), open, attempt({ answers: [BAD, OK] })], brokenOff), {
    acceptable,
    actual: 'a connection that stays open (a length); SIP/2.0 200 OK (a length)',
  });
  assertMisfit(brokenOff(attempt({ unconnected: 'connection refused' })), {
    acceptable,
    actual: 'no TCP connection: connection refused',
  });
});

test('a hidden message betrays itself by any message under its Call-ID', () => {
  assertFits(nothingBetrayed(attempt()));
  assertMisfit(nothingBetrayed(attempt({ betrayed: [BAD] })), {
    acceptable: 'nothing comes of the hidden message',
    actual: '"SIP/2.0 400 Bad"',
  });
});
