import { describe, test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { errorsAbout, oneErrorEach } from './refusals.ts';

const WHERE = 'the answer to PATCH /v2/accounts/1/voice-applications/2; see the API exchange';

interface Told {
  readonly description: string;
  readonly source?: Readonly<Record<string, string>> | null;
}

function refusal(...errors: readonly Told[]): HttpAnswer {
  const json = { links: [], data: null, errors: errors.map((error) => ({ type: 't', ...error })) };
  return {
    request: { method: 'PATCH', url: 'http://api.example/v2/accounts/1/voice-applications/2' },
    status: 400,
    headers: new Headers(),
    text: JSON.stringify(json),
    json,
    durationMs: 1,
  };
}

describe('errorsAbout', () => {
  test('takes a field named by any member of source, or by the description where there is no source', () => {
    for (const error of [
      { description: 'is wrong', source: { field: 'allowedRegions' } },
      { description: 'is wrong', source: { reference: '#/allowedRegions' } },
      { description: 'is wrong', source: { parameter: 'body.allowedRegions' } },
      { description: 'allowedRegions is wrong' },
      { description: 'The field "allowedRegions" is wrong', source: null },
      { description: 'allowedRegions: is wrong', source: {} },
    ]) {
      assertFits(errorsAbout(refusal(error), ['allowedRegions']));
    }
  });

  test('takes an entry in any notation', () => {
    for (const error of [
      { description: 'is wrong', source: { field: 'allowedSourceIps[3]' } },
      { description: 'is wrong', source: { field: 'allowedSourceIps.3' } },
      { description: 'is wrong', source: { reference: '/allowedSourceIps/3' } },
      { description: 'is wrong at index 3', source: { field: 'allowedSourceIps' } },
      { description: 'allowedSourceIps: 10.0.0.0/8 (index: 3) is private' },
      { description: 'allowedSourceIps[3] is private' },
    ]) {
      assertFits(errorsAbout(refusal(error), ['allowedSourceIps[3]']));
    }
  });

  test('refuses an error about another field or entry, or about none', () => {
    for (const error of [
      { description: 'is wrong', source: { field: 'allowedRegions' } },
      { description: 'is wrong', source: { field: 'allowedSourceIps' } },
      { description: 'is wrong', source: { field: 'allowedSourceIps[2]' } },
      { description: 'is wrong', source: { field: 'allowedSourceIps[31]' } },
      { description: 'is wrong', source: { field: 'notAllowedSourceIps[3]' } },
      { description: 'allowedSourceIps: 3.0.0.0/33 is wrong' },
      { description: 'set allowedSourceIps[3] too', source: { field: 'passwordAuthEnabled' } },
      { description: 'the request is wrong' },
    ]) {
      const actual = /wrong|too/;
      const acceptable = 'one error about allowedSourceIps[3]';
      assertMisfit(errorsAbout(refusal(error), ['allowedSourceIps[3]']), {
        acceptable,
        actual,
        where: WHERE,
      });
    }
  });

  test('refuses two errors about one field, and reports both', () => {
    const twice = refusal(
      { description: 'is long', source: { field: 'a' } },
      { description: 'a: is no URL', source: { field: 'a' } },
    );
    assertMisfit(errorsAbout(twice, ['a']), {
      acceptable: 'one error about a',
      actual: 'a: is long | a: is no URL',
    });
  });

  test('refuses an answer that is no refusal', () => {
    for (const answer of [refusal(), { ...refusal(), json: undefined, text: '' }])
      assertMisfit(errorsAbout(answer, ['a']), { acceptable: 'one error about a', actual: 'no error' });
  });

  test('takes a field that is named in another form than the envelope', () => {
    for (const json of [
      { errors: { description: 'is wrong', source: { field: 'allowedRegions' } } },
      { errors: ['allowedRegions: is wrong'] },
      { title: 'refused', detail: 'allowedRegions: is wrong' },
      { errors: null, message: 'allowedRegions is wrong' },
    ])
      assertFits(errorsAbout({ ...refusal(), json, text: JSON.stringify(json) }, ['allowedRegions']));
    assertFits(
      errorsAbout({ ...refusal(), json: undefined, text: 'allowedRegions is wrong' }, ['allowedRegions']),
    );
  });

  test('shows the beginning of a long text', () => {
    const text = 'x'.repeat(10_000);
    assertMisfit(errorsAbout({ ...refusal(), json: undefined, text }, ['a']), {
      acceptable: 'one error about a',
      actual: 'x'.repeat(500),
    });
  });
});

describe('oneErrorEach', () => {
  test('cannot count errors that are no list', () => {
    const text = 'allowedRegions and allowedSourceIps are wrong';
    const answer = { ...refusal(), json: undefined, text };
    assertFits(oneErrorEach(answer, ['allowedRegions', 'allowedSourceIps']));
  });

  const a = { description: 'is wrong', source: { field: 'a' } };
  const b = { description: 'is wrong', source: { field: 'b[0]' } };

  test('takes an error for each field, in any order', () => {
    assertFits(oneErrorEach(refusal(b, a), ['a', 'b[0]']));
  });

  test('refuses one that is missing, and one too many', () => {
    assertMisfit(oneErrorEach(refusal(a), ['a', 'b[0]']), {
      acceptable: 'one error about a, one about b[0]',
      actual: 'a: is wrong',
    });
    assertMisfit(oneErrorEach(refusal(a, b), ['a']), {
      acceptable: '1 errors, one for each of a',
      actual: '2: a: is wrong | b[0]: is wrong',
    });
  });
});
