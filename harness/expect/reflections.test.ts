import { test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { Reflection } from '../traffic/silent_caller.ts';
import { notAmplified, sourceOnly } from './reflections.ts';

const where = 'the requests and what came of them, attached';

function reflection(found: Partial<Reflection> = {}): Reflection {
  const local = { address: '198.51.100.1', port: 1 };
  return { name: 'a form', sent: 'x'.repeat(10), local, octets: 0, elsewhere: [], ...found };
}

test('answers go to the source, also where the wire cannot be seen', () => {
  assertFits(sourceOnly([reflection(), reflection({ elsewhere: undefined })]));
  const answer = received('SIP/2.0 407 Who');
  assertMisfit(sourceOnly([reflection(), reflection({ name: 'another', elsewhere: [answer, answer] })]), {
    acceptable: 'answers go to 198.51.100.1 only, where the request came from',
    actual: '"SIP/2.0 407 Who" was sent to 203.0.113.10:10000 (another)',
    where,
  });
});

test('twice the octets are no more than twice', () => {
  assertFits(notAmplified([reflection(), reflection({ octets: 20 })]));
  assertMisfit(notAmplified([reflection({ octets: 20 }), reflection({ name: 'another', octets: 21 })]), {
    acceptable: 'at most twice the octets that came',
    actual: '21 octets for 10 (another)',
    where,
  });
});
