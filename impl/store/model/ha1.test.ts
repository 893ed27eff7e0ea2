import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ha1Of } from './ha1.ts';

test('H(A1) is that of the standards’ examples', () => {
  const rfc2617 = ha1Of('Mufasa', 'testrealm@host.com', 'Circle Of Life');
  assert.equal(rfc2617.MD5, '939e7578ed9e3c518a452acee763bce9');
  const rfc7616 = ha1Of('Mufasa', 'http-auth@example.org', 'Circle of Life');
  assert.equal(rfc7616.MD5, '3d78807defe7de2157e2b0b6573a855f');
  assert.equal(rfc7616['SHA-256'], '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232');
  // RFC 7616 section 3.9.2 prints SHA-512 cut to 256 bits by mistake; this is FIPS 180-4's SHA-512/256 of the same.
  assert.equal(
    ha1Of('Jäsøn Doe', 'api@example.org', 'Secret, or not?')['SHA-512-256'],
    '2d3d9f12c9f3d30011259dc5fecee005ae24de40e3e1f61806d03e65f1e6024f',
  );
});
