import { describe, test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { allDifferent, hasSipUri, hasText, keptSettings, showsSettings } from './settings.ts';

const WHERE = 'the answer to GET /v2/accounts/1/voice-applications/2; see the API exchange';
const DOMAIN = 'sip-uri.voice-api.example';

function reading(data: unknown): HttpAnswer {
  const json = { links: [], data, errors: [] };
  return {
    request: { method: 'GET', url: 'http://api.example/v2/accounts/1/voice-applications/2' },
    status: 200,
    headers: new Headers(),
    text: JSON.stringify(json),
    json,
    durationMs: 1,
  };
}

describe('showsSettings', () => {
  const data = { passwordAuthEnabled: true, allowedSourceIps: ['b', 'a'], sipUri: null };

  test('accepts the settings wanted, lists in any order, whatever else there is', () => {
    assertFits(showsSettings(reading(data), { allowedSourceIps: ['a', 'b'], sipUri: null }));
    assertFits(showsSettings(reading(data), {}));
  });

  test('shows other values, and what is missing', () => {
    assertMisfit(showsSettings(reading(data), { sipUri: 'sip:a@b', allowedSourceIps: ['a'], more: null }), {
      acceptable: 'sipUri "sip:a@b", allowedSourceIps ["a"], more null',
      actual: 'sipUri null, allowedSourceIps ["b","a"], more is missing',
      where: WHERE,
    });
    assertMisfit(showsSettings(reading(null), { sipUri: null }), {
      acceptable: 'sipUri null',
      actual: 'no application in data',
      where: WHERE,
    });
  });

  test('counts repeated entries', () => {
    assertMisfit(showsSettings(reading({ allowedRegions: ['US', 'US'] }), { allowedRegions: ['US'] }), {
      acceptable: 'allowedRegions ["US"]',
      actual: 'allowedRegions ["US","US"]',
    });
  });
});

describe('hasText', () => {
  const form = /^sip:[^@]+@[^@]+$/;

  test('takes a text of the form', () => {
    assertFits(hasText(reading({ sipUri: 'sip:a@b' }), 'sipUri', form, 'a SIP URI'));
  });

  test('says what is there instead, and shows no text', () => {
    for (const [data, actual] of [
      [{ sipUri: 'b@c' }, 'data.sipUri is another text'],
      [{ sipUri: null }, 'data.sipUri is null'],
      [{ sipUri: 7 }, 'data.sipUri is a number'],
      [{}, 'data.sipUri is missing'],
      [null, 'no application in data'],
    ] as const) {
      const match = hasText(reading(data), 'sipUri', form, 'a SIP URI');
      assertMisfit(match, { acceptable: 'data.sipUri with a SIP URI', actual, where: WHERE });
    }
  });
});

describe('keptSettings', () => {
  const before = { applicationId: 'a', sipUri: 'sip:u@d', allowedRegions: ['US', 'EU'], etag: 1 };

  test('accepts the same settings, lists in any order, and any undocumented setting', () => {
    assertFits(keptSettings(reading(before), reading({ ...before, allowedRegions: ['EU', 'US'], etag: 2 })));
  });

  test('accepts a change of an excepted setting', () => {
    assertFits(keptSettings(reading(before), reading({ ...before, sipUri: null }), ['sipUri']));
  });

  test('says what changed, from what to what', () => {
    const after = { ...before, sipUri: null, allowedRegions: ['US'] };
    assertMisfit(keptSettings(reading(before), reading(after), ['applicationName']), {
      acceptable: 'everything but applicationName as it was',
      actual: 'sipUri "sip:u@d", allowedRegions ["US","EU"]; now sipUri null, allowedRegions ["US"]',
      where: WHERE,
    });
    assertMisfit(keptSettings(reading(before), reading(null)), {
      acceptable: 'everything as it was',
      actual: 'no application in data',
    });
  });
});

describe('hasSipUri', () => {
  const uuid = '15f99d57-f823-4718-80cc-5d95d5b83e59';

  test('takes sip:, a UUID, @ and the domain, in any case', () => {
    assertFits(hasSipUri(reading({ sipUri: `sip:${uuid}@${DOMAIN}` }), DOMAIN));
    assertFits(hasSipUri(reading({ sipUri: `sip:${uuid.toUpperCase()}@SIP-URI.voice-api.example` }), DOMAIN));
  });

  test('refuses another form', () => {
    for (const sipUri of [
      `sips:${uuid}@${DOMAIN}`,
      `${uuid}@${DOMAIN}`,
      `sip:${uuid}`,
      `sip:${uuid}@elsewhere.example`,
      `sip:${uuid}@${DOMAIN}:6160`,
      `sip:${uuid}@${DOMAIN};transport=udp`,
      `sip:${uuid}0@${DOMAIN}`,
      `sip:${uuid.replaceAll('-', '')}@${DOMAIN}`,
      `sip:sip:${uuid}@${DOMAIN}`,
    ]) {
      const acceptable = `data.sipUri sip:<UUID>@${DOMAIN}`;
      assertMisfit(hasSipUri(reading({ sipUri }), DOMAIN), { acceptable, actual: sipUri, where: WHERE });
    }
  });

  test('refuses a missing URI', () => {
    const acceptable = `data.sipUri sip:<UUID>@${DOMAIN}`;
    assertMisfit(hasSipUri(reading({ sipUri: null }), DOMAIN), { acceptable, actual: 'null' });
    assertMisfit(hasSipUri(reading({}), DOMAIN), { acceptable, actual: 'none' });
  });
});

describe('allDifferent', () => {
  test('accepts values without a repetition', () => assertFits(allDifferent(['a', 'b'], 'password')));

  test('shows no value, which may be a secret', () => {
    assertMisfit(allDifferent(['a', 'b', 'a'], 'password'), {
      acceptable: '3 different passwords',
      actual: 'only 2 different',
    });
    assertMisfit(allDifferent([undefined, 'b'], 'password'), {
      acceptable: '2 different passwords',
      actual: '1 of them given',
    });
  });
});
