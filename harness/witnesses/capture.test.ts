import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { witnessed } from './capture.ts';

describe('witnessed', () => {
  test('leaves out floods and the API, each end of it once', () => {
    const api = { baseUrl: 'http://198.18.67.80:8080', tokenUrl: 'http://198.18.67.80:8080/token' };
    assert.equal(witnessed({ api }), 'not net 198.19.64.0/20 and not (host 198.18.67.80 and tcp port 8080)');
    assert.match(
      witnessed({ api: { ...api, tokenUrl: 'https://198.18.67.81/token' } }),
      / and not \(host 198\.18\.67\.81 and tcp port 443\)$/,
    );
  });
});
