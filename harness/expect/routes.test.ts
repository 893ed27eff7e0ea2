import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { handedOver, received } from '../testing/built_call.ts';
import { passedOnOrRefused, recordedAsBefore, routeLeft, type Recorded } from './routes.ts';

describe('the Route of a request in a call', () => {
  const came = handedOver('INFO sip:a@b SIP/2.0', 'Route: <sip:far;lr>', 'Route: <sip:farther;lr>');
  const where = 'the INFO that the called side got';

  test('is what is left, in one line or in many', () => {
    assertFits(routeLeft({ name: '', left: '<sip:far;lr>, <sip:farther;lr>', came }));
    assertFits(routeLeft({ name: '', left: '', came: handedOver('INFO sip:a@b SIP/2.0') }));
  });

  test('is not judged where the request does not arrive', () => {
    assertFits(routeLeft({ name: '', left: '<sip:far;lr>', came: undefined }));
  });

  test('is neither more nor less', () => {
    const actual = '<sip:far;lr>, <sip:farther;lr>';
    assertMisfit(routeLeft({ name: '', left: '', came }), { acceptable: 'Route: none', actual, where });
    assertMisfit(routeLeft({ name: '', left: '<sip:far;lr>', came: handedOver('INFO sip:a@b SIP/2.0') }), {
      acceptable: 'Route: <sip:far;lr>',
      actual: 'none',
      where,
    });
  });
});

describe('the Record-Route that the caller gets', () => {
  const recorded: Recorded = {
    name: '',
    own: ['<sip:in@10.0.0.1:5060;lr>'],
    sent: ['<sip:far;lr>', '<sip:in@10.0.0.1:5060;lr>'],
    before: ['Route: <sip:first@192.0.2.1:5060;lr>'],
    answer: received('SIP/2.0 200 OK', 'Record-Route: <sip:far;lr>, <sip:out@192.0.2.1:5060;lr>'),
  };

  test('has another value of the service that leads to the same place', () => {
    assertFits(recordedAsBefore(recorded));
  });

  test('has another value of the service, with other parameters in and behind its URI', () => {
    const line = 'Record-Route: <sip:far;lr>, "out" <sip:out@192.0.2.1:5060;node=3;lr;seen>;edge=outer';
    assertFits(recordedAsBefore({ ...recorded, answer: received('SIP/2.0 200 OK', line) }));
  });

  for (const [what, line] of Object.entries({
    'the service at another place': 'Record-Route: <sip:far;lr>, <sip:out@192.0.2.2:5060;lr>',
    'the service as a strict router': 'Record-Route: <sip:far;lr>, <sip:out@192.0.2.1:5060>',
    'the service before others': 'Record-Route: <sip:out@192.0.2.1:5060;lr>, <sip:far;lr>',
    'no others': 'Record-Route: <sip:out@192.0.2.1:5060;lr>',
  })) {
    test(`has not ${what}`, () => {
      assertMisfit(recordedAsBefore({ ...recorded, answer: received('SIP/2.0 200 OK', line) }), {
        acceptable:
          '200 with Record-Route: <sip:far;lr>, <sip:in@10.0.0.1:5060;lr>, where the value of the service may be another one',
        actual: `200 OK with ${line}`,
        where: 'the answer that the caller got',
      });
    });
  }
});

test('a request with nothing to undo is passed on or refused', () => {
  for (const status of ['200 OK', '404 Not Found'])
    assertFits(passedOnOrRefused({ name: '', answer: received(`SIP/2.0 ${status}`) }));
  assertMisfit(passedOnOrRefused({ name: '', answer: received('SIP/2.0 500 Trouble') }), {
    acceptable: '200 of the called side, or 4xx',
    actual: '500 Trouble',
    where: 'the wire',
  });
});
