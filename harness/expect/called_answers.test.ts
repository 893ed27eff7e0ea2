import { test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import { saidAsWas } from './called_answers.ts';

const said = { name: '607 Unwanted', statusLine: '607 Unwanted' };

test('the caller is told status and phrase as they were', () => {
  assertFits(saidAsWas({ ...said, answer: received('SIP/2.0 607 Unwanted') }));
  const where = 'the answer to the INVITE';
  for (const line of ['SIP/2.0 600 Unwanted', 'SIP/2.0 607 unwanted', 'SIP/2.0 607 '])
    assertMisfit(saidAsWas({ ...said, answer: received(line) }), {
      acceptable: '"607 Unwanted"',
      actual: `"${line}"`,
      where,
    });
  assertMisfit(saidAsWas({ ...said, answer: undefined }), {
    acceptable: '"607 Unwanted"',
    actual: 'no final answer',
    where,
  });
});
