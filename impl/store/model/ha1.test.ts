import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ha1Of } from './ha1.ts';

test('H(A1) matches the examples of the RFCs', () => {
  const rfc2617 = ha1Of('Mufasa', 'testrealm@host.com', 'Circle Of Life');
  assert.equal(rfc2617.MD5, '939e7578ed9e3c518a452acee763bce9');
  const rfc7616 = ha1Of('Mufasa', 'http-auth@example.org', 'Circle of Life');
  assert.equal(rfc7616.MD5, '3d78807defe7de2157e2b0b6573a855f');
  assert.equal(rfc7616['SHA-256'], '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232');
  // RFC 7616 section 3.9.2 prints truncated SHA-512 by mistake. This is the SHA-512/256 of FIPS 180-4.
  assert.equal(
    ha1Of('Jäsøn Doe', 'api@example.org', 'Secret, or not?')['SHA-512-256'],
    '2d3d9f12c9f3d30011259dc5fecee005ae24de40e3e1f61806d03e65f1e6024f',
  );
});
