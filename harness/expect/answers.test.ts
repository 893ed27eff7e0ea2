import { describe, test } from 'node:test';

import { z } from 'zod';

import type { HttpAnswer } from '../clients/http.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import {
  answeredWith,
  deletedWith,
  enveloped,
  envelopedOrEmpty,
  explained,
  fits,
  granted,
  headed,
  silentOn,
  without,
} from './answers.ts';
import type { Match } from './match.ts';

const WHERE = 'the answer to GET /v2/accounts/1/voice-applications/2; see the API exchange';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    request: { method: 'GET', url: 'http://api.example/v2/accounts/1/voice-applications/2?x=1' },
    status,
    headers: new Headers(headers),
    text: JSON.stringify(body) ?? '',
    json: body,
    durationMs: 1,
  };
}

const success = { links: [], data: { applicationId: 'a' }, errors: [] };
const WISH_OF_ONE = '{links: […], data: {…}, errors: []}';
const failure = { links: [], data: null, errors: [{ type: 'validation error', description: 'no' }] };

function misfit(match: Match, acceptable: readonly string[], actual: string | RegExp, where = WHERE): void {
  assertMisfit(match, { acceptable, actual, where });
}

describe('answeredWith', () => {
  test('takes any of the statuses', () => {
    assertFits(answeredWith(answer(200, success), 200));
    assertFits(answeredWith(answer(404, failure), 401, 404));
  });

  test('says which were acceptable and which came', () => {
    misfit(answeredWith(answer(500, failure), 400, 404), ['400', '404'], '500');
  });
});

describe('enveloped', () => {
  const OF_SUCCESS = ['{links: […], data: {…}, errors: []}'];
  const OF_FAILURE = ['{links: […], data: null, errors: [{type, description, …}]}'];

  test('takes the envelope of a success and of a failure, members beside it too', () => {
    assertFits(enveloped(answer(200, success)));
    assertFits(enveloped(answer(201, { ...success, links: [{ rel: 'self' }], more: 1 })));
    assertFits(
      enveloped(answer(400, { ...failure, errors: [{ type: 't', description: 'd', source: 's' }] })),
    );
  });

  test('says what a success lacks', () => {
    misfit(enveloped(answer(200, { ...success, data: null })), OF_SUCCESS, /^data: is null$/);
    misfit(enveloped(answer(200, { links: [], errors: [] })), OF_SUCCESS, /^data: /);
    misfit(
      enveloped(answer(200, { ...success, errors: failure.errors })),
      OF_SUCCESS,
      /^errors: is not empty$/,
    );
    misfit(enveloped(answer(200, { data: {}, errors: [] })), OF_SUCCESS, /^links: /);
    misfit(enveloped(answer(200, [])), OF_SUCCESS, /^the body: /);
  });

  test('says what a failure lacks', () => {
    misfit(enveloped(answer(400, { ...failure, data: {} })), OF_FAILURE, /^data: /);
    misfit(enveloped(answer(400, { ...failure, errors: [] })), OF_FAILURE, /^errors: is empty$/);
    misfit(
      enveloped(answer(400, { ...failure, errors: [{ type: 't' }] })),
      OF_FAILURE,
      /^errors\.0\.description: /,
    );
    misfit(enveloped(answer(404, undefined)), OF_FAILURE, 'a body that is no JSON');
  });
});

describe('enveloped, of one application', () => {
  test('wants the application itself as data', () => {
    for (const data of [[success.data], { application: success.data }])
      misfit(enveloped(answer(200, { ...success, data })), [WISH_OF_ONE], 'data: not the application itself');
  });

  test('leaves a list to itself', () => {
    const list = answer(200, { ...success, data: [success.data] });
    const url = 'http://api.example/v2/accounts/1/voice-applications';
    assertFits(enveloped({ ...list, request: { method: 'GET', url } }));
  });
});

const deletion = (status: number, json: unknown, text = JSON.stringify(json)): HttpAnswer => {
  const one = answer(status, json);
  return { ...one, text, request: { ...one.request, method: 'DELETE' } };
};

describe('envelopedOrEmpty', () => {
  test('takes no body, and an envelope: of a deletion with or without data', () => {
    assertFits(envelopedOrEmpty({ ...answer(204, undefined), text: '' }));
    assertFits(envelopedOrEmpty(deletion(200, { ...success, data: null })));
    assertFits(envelopedOrEmpty(deletion(200, success)));
    assertFits(envelopedOrEmpty(answer(200, success)));
  });

  test('refuses a body that is no envelope', () => {
    const wish = ['{links: […], data: …, errors: []}'];
    const where = WHERE.replace('GET', 'DELETE');
    misfit(envelopedOrEmpty(deletion(200, undefined, 'gone')), wish, 'a body that is no JSON', where);
    misfit(envelopedOrEmpty(deletion(200, { data: null, errors: [] })), wish, /^links: /, where);
    misfit(envelopedOrEmpty(deletion(200, { links: [], errors: [] })), wish, /^data: /, where);
    misfit(
      envelopedOrEmpty(answer(200, { ...success, data: null })),
      ['{links: […], data: {…}, errors: []}'],
      /^data: /,
    );
  });
});

describe('deletedWith', () => {
  test('takes 204 without a body and 200, and nothing else', () => {
    assertFits(deletedWith({ ...answer(204, undefined), text: '' }));
    assertFits(deletedWith(answer(200, success)));
    misfit(deletedWith(answer(202, success)), ['200', '204'], '202');
    misfit(
      deletedWith({ ...answer(204, undefined), text: 'gone' }),
      ['204 without a body, or 200'],
      '204 with a body',
    );
  });
});

describe('fits', () => {
  const schema = z.object({ data: z.object({ sipUri: z.string() }) });

  test('takes the shape, whatever else is there', () => {
    assertFits(fits(answer(200, { data: { sipUri: 'sip:a@b', more: 1 }, links: [] }), schema, 'a SIP URI'));
  });

  test('names every member that is wrong, and no value', () => {
    misfit(
      fits(answer(200, { data: { sipUri: 12_345 } }), schema, 'a SIP URI'),
      ['a SIP URI'],
      /^data\.sipUri: (?!.*12345)/,
    );
    misfit(fits(answer(200, undefined), schema, 'a SIP URI'), ['a SIP URI'], 'a body that is no JSON');
  });
});

const bearer = (headers: Record<string, string>): Match =>
  headed(answer(401, failure, headers), 'www-authenticate', /^Bearer\b/i, 'Bearer …');

describe('headed', () => {
  test('takes the header in any case', () => {
    assertFits(bearer({ 'WWW-Authenticate': 'bearer realm="x"' }));
  });

  test('says what is there instead, or that it is missing', () => {
    misfit(
      bearer({ 'www-authenticate': 'Basic' }),
      ['www-authenticate: Bearer …'],
      'www-authenticate: Basic',
    );
    misfit(bearer({}), ['www-authenticate: Bearer …'], 'no www-authenticate header');
  });
});

const said = (...descriptions: string[]): HttpAnswer =>
  answer(400, { ...failure, errors: descriptions.map((description) => ({ type: 't', description })) });

describe('explained', () => {
  test('takes the word from any of the errors', () => {
    assertFits(explained(said('first', 'the prefix is private'), /private/, 'private'));
  });

  test('shows what the errors say instead', () => {
    misfit(explained(said('one', 'two'), /private/, 'private'), ['an error that says: private'], 'one | two');
    misfit(explained(answer(200, success), /x/, 'x'), ['an error that says: x'], 'no error description');
  });

  test('takes the word from a refusal that is no envelope', () => {
    assertFits(explained(answer(400, { detail: 'the prefix is private' }), /private/, 'private'));
    assertFits(explained(answer(400, { ...failure, links: null, data: {} }), /no/, 'no'));
    assertFits(explained(answer(400, { errors: { description: 'is private' } }), /private/, 'private'));
  });
});

describe('granted', () => {
  test('takes every 2xx and nothing else', () => {
    for (const status of [200, 201, 202, 204]) assertFits(granted(answer(status, success)));
    for (const status of [199, 304, 400, 500])
      misfit(granted(answer(status, failure)), ['a status of 2xx'], String(status));
  });
});

describe('without', () => {
  test('accepts a body without such a member, and no body', () => {
    assertFits(without(answer(200, success), 'sipAuthPassword'));
    assertFits(without(answer(204, undefined), 'sipAuthPassword'));
    assertFits(without(answer(200, { data: 'sipAuthPassword' }), 'sipAuthPassword'));
  });

  test('finds it at any depth, also without a value, and does not show it', () => {
    for (const value of ['hunter2', null, '']) {
      const body = { data: { list: [{ sipAuthPassword: value }] } };
      misfit(
        without(answer(200, body), 'sipAuthPassword'),
        ['no sipAuthPassword in the body'],
        'sipAuthPassword is there (its value is not shown)',
      );
    }
  });
});

describe('silentOn', () => {
  const secret = 'hunter2"hunter2';

  test('takes an answer that has none of them', () => {
    assertFits(silentOn(answer(200, success), [secret], 'password'));
    assertFits(silentOn(answer(200, success), [], 'password'));
  });

  test('finds one under any name, in a text or a header, and does not show it', () => {
    const plain = 'hunter2-hunter2';
    for (const told of [
      answer(200, { data: { list: [{ secret }] } }),
      answer(400, { ...failure, errors: [{ type: 't', description: `not ${plain}` }] }),
      answer(200, success, { 'x-password': plain }),
    ]) {
      misfit(
        silentOn(told, [plain, secret], 'password'),
        ['no password in the answer'],
        'a password is there (it is not shown)',
      );
    }
  });
});
