import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { applicationIdIn, applicationIn, errorsIn, exchangeInWords } from './answer_content.ts';

const APPLICATION = { applicationId: 'a', sipUri: null };

describe('applicationIn', () => {
  test('finds it where it is documented, and where a deviating target puts it', () => {
    for (const json of [
      { links: [], data: APPLICATION, errors: [] },
      { data: APPLICATION, errors: null },
      { data: [APPLICATION] },
      { data: { application: APPLICATION } },
      APPLICATION,
      [APPLICATION],
    ])
      assert.deepEqual(applicationIn({ json }), APPLICATION);
    assert.deepEqual(applicationIn({ json: { data: {} } }), {});
  });

  test('finds none where there is none, or more than one', () => {
    for (const json of [
      undefined,
      null,
      'a',
      { data: null },
      { links: [], errors: [] },
      { data: [APPLICATION, APPLICATION] },
      { data: [] },
    ])
      assert.equal(applicationIn({ json }), undefined);
  });
});

const idOf = (json: unknown, location?: string): string | undefined =>
  applicationIdIn({ json, headers: new Headers(location === undefined ? {} : { location }) });

describe('applicationIdIn', () => {
  test('takes the id of the body, a whole number too', () => {
    assert.equal(idOf({ data: APPLICATION }, '/v2/accounts/1/voice-applications/b'), 'a');
    assert.equal(idOf({ data: { applicationId: 7 } }), '7');
  });

  test('takes that of Location where the body has none', () => {
    for (const [location, id] of [
      ['/v2/accounts/1/voice-applications/a%2Fb', 'a/b'],
      ['http://api.example/v2/accounts/1/voice-applications/b/', 'b'],
      ['/v2/accounts/1/voice-applications/%zz', '%zz'],
      ['/v2/accounts/1/voice-applications', undefined],
      ['/elsewhere/b', undefined],
      [undefined, undefined],
    ] as const)
      assert.equal(idOf(undefined, location), id);
    for (const applicationId of [undefined, null, '', 1.5, 2 ** 60, {}])
      assert.equal(idOf({ data: { applicationId } }, '/voice-applications/b'), 'b');
  });
});

const told = (json: unknown): unknown => errorsIn({ json, text: 'the whole body' });

describe('errorsIn', () => {
  test('reads a list, whatever its entries lack', () => {
    const errors = [{ description: 'd', source: { field: 'f' } }, { type: 't', source: null }, 'bare', 7];
    assert.deepEqual(told({ errors }), {
      errors: [
        { description: 'd', source: { field: 'f' } },
        { description: '', source: {} },
        { description: 'bare', source: {} },
        { description: '', source: {} },
      ],
      isList: true,
    });
    assert.deepEqual(told({ errors: [] }), { errors: [], isList: true });
  });

  test('reads one error, and a body without any as one', () => {
    const one = { errors: [{ description: 'd', source: {} }], isList: false };
    assert.deepEqual(told({ errors: { description: 'd' } }), one);
    const whole = { errors: [{ description: 'the whole body', source: {} }], isList: false };
    for (const json of [undefined, null, [], { errors: null }, { detail: 'd' }])
      assert.deepEqual(told(json), whole);
  });
});

describe('exchangeInWords', () => {
  test('names what came, and shows no value', () => {
    const request = { method: 'POST', url: 'http://api.example/a' };
    const type = { 'content-type': 'text/html' };
    for (const [text, headers, words] of [
      ['', {}, 'no body'],
      ['<html>', type, 'a body that is no JSON (text/html)'],
      ['<html>', {}, 'a body that is no JSON (without a content type)'],
      ['"hidden"', {}, 'a string'],
      ['null', {}, 'null'],
      ['[]', {}, '[]'],
      ['[{"a": "hidden"}]', {}, '[{a}]'],
      ['{"links": [], "data": {"a": "hidden", "b": {"c": 1}}}', {}, '{links, data: {a, b: {…}}}'],
    ] as const) {
      const json: unknown = text === '' || text === '<html>' ? undefined : JSON.parse(text);
      const answer = { request, status: 200, headers: new Headers(headers), text, json, durationMs: 1 };
      assert.equal(exchangeInWords(answer), `POST http://api.example/a was answered 200 with ${words}`);
    }
  });
});
