import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { checkableCredentials, digestResponse, type DigestAlgorithmName } from '../sip/digest.ts';
import type { SipRequest } from '../sip/message.ts';
import type { NonceState } from '../sip/nonce.ts';
import { parseMessage } from '../sip/parser.ts';
import { ha1Of } from '../store/model/ha1.ts';
import type { InboundSettings } from '../store/model/inbound_settings.ts';
import type { Arrival, Decision, PolicyView } from './decision.ts';
import { decide } from './policy.ts';
import { recordsFor, type RecordSource } from './records.ts';

const REALM = 'sip-uri.voice-api.example';
const PASSWORD = 'correct horse';
const LISTED = 0xcb007105;
const UNLISTED = 0xc6336405;
const LISTED_PREFIX = { network: 0xcb007100, mask: 0xffffff00 };

const MODES = ['off', 'password', 'source', 'layered', 'none'] as const;
const REGIONS = ['unrestricted', 'allowed', 'refused', 'unknown'] as const;
const NAMES = ['id', 'uri', 'other', 'stranger', 'another stranger'] as const;
const SENT = ['nothing', 'right', 'wrong', 'other realm', 'incomplete', 'as Authorization'] as const;
const AUTH_USERS = ['id', 'uri', 'other', 'stranger'] as const;
const NONCES = ['valid', 'expired', 'foreign', 'forged'] as const satisfies readonly NonceState[];
/** What the digest is made for, RFC 7616 3.4.6; `id`, `uri` and `other` name an application. */
const DIGEST_URIS = [
  'domain',
  'address',
  'id',
  'uri',
  'other',
  'elsewhere',
  'id elsewhere',
  'telephone',
  'nothing',
] as const;
const ALGORITHMS = ['MD5', 'SHA-256', 'SHA-512-256'] as const satisfies readonly DigestAlgorithmName[];

interface Case {
  readonly mode: (typeof MODES)[number];
  readonly listed: boolean;
  readonly region: (typeof REGIONS)[number];
  readonly uriName: (typeof NAMES)[number];
  readonly toName: (typeof NAMES)[number];
  readonly sent: (typeof SENT)[number];
  readonly authUser: (typeof AUTH_USERS)[number];
  readonly nonce: NonceState;
  readonly replayed: boolean;
  readonly qop: boolean;
  readonly algorithm: DigestAlgorithmName;
  readonly digestUri: (typeof DIGEST_URIS)[number];
}

const USERS: Readonly<Record<Case['uriName'], string>> = {
  id: '15f99d57-f823-4718-80cc-5d95d5b83e59',
  uri: '479fbd44-3362-45f3-bb80-284f21111be4',
  other: 'd1b9d8b3-54b7-4a5e-8a53-5c6c3a4f0a11',
  stranger: '00000000-0000-4000-8000-000000000001',
  'another stranger': '00000000-0000-4000-8000-000000000002',
};

const DIGEST_URI_TEXTS: Readonly<Record<Case['digestUri'], string>> = {
  domain: 'SIP:SIP-uri.voice-api.example;transport=udp',
  address: 'sip:198.18.67.33:6160',
  id: `sip:%315${USERS.id.slice(2)}@${REALM}:6160`,
  uri: `sip:${USERS.uri}@198.18.67.33`,
  other: `sip:${USERS.other}@${REALM}`,
  elsewhere: `sip:${REALM}.customer.example`,
  'id elsewhere': `sip:${USERS.id}@customer.example`,
  telephone: 'tel:+15550100',
  nothing: '*',
};

function settings(applicationId: string, uriUser: string, tested: Case): InboundSettings {
  const { mode, region } = tested;
  const credential = {
    applicationId: ha1Of(applicationId, REALM, PASSWORD),
    uriUser: ha1Of(uriUser, REALM, PASSWORD),
  };
  return {
    applicationId,
    uriUser: mode === 'off' ? null : uriUser,
    inboundSipCallsEnabled: mode !== 'off',
    credential: mode === 'password' || mode === 'layered' ? credential : null,
    allowedSources: mode === 'source' || mode === 'layered' ? [LISTED_PREFIX] : [],
    allowedRegions: mode === 'off' || region === 'unrestricted' ? [] : ['US'],
  };
}

function recordSource(tested: Case): RecordSource {
  const main = settings(USERS.id, USERS.uri, tested);
  const other = settings(USERS.other, 'other-uri', { ...tested, mode: 'password' });
  return {
    directory: {
      find: (user) => {
        if (user === main.applicationId || (main.uriUser !== null && user === main.uriUser)) return main;
        return user === other.applicationId ? other : undefined;
      },
    },
    regionOf: () =>
      ({ unrestricted: undefined, allowed: 'US', refused: 'EU', unknown: undefined })[tested.region],
  };
}

function viewOf(tested: Case, overrides: Partial<PolicyView> = {}): PolicyView {
  return {
    realm: REALM,
    own: { isHost: (host) => host.toLowerCase() === REALM || host === '198.18.67.33' },
    loops: { hasReturned: () => false },
    nonces: { check: () => ({ state: tested.nonce, issuedAt: 0 }) },
    nonceCounts: { isReplayed: () => tested.replayed },
    ...overrides,
  };
}

function authorization(tested: Case): string[] {
  if (tested.sent === 'nothing') return [];
  const username = USERS[tested.authUser];
  const realm = tested.sent === 'other realm' ? 'elsewhere.example' : REALM;
  const { qop, algorithm } = tested;
  const unsigned = {
    username,
    realm,
    nonce: 'n0nce',
    uri: DIGEST_URI_TEXTS[tested.digestUri],
    response: '',
    algorithm,
    cnonce: qop ? 'c' : undefined,
    qop: qop ? 'auth' : undefined,
    nc: qop ? '00000001' : undefined,
  };
  const password = tested.sent === 'wrong' ? 'wrong' : PASSWORD;
  const response = digestResponse(
    checkableCredentials(unsigned)!,
    'INVITE',
    ha1Of(username, realm, password)[algorithm],
  );
  const name = tested.sent === 'as Authorization' ? 'Authorization' : 'Proxy-Authorization';
  const protection = qop ? ', qop=auth, nc=00000001, cnonce="c"' : '';
  const complete = tested.sent === 'incomplete' ? '' : `, response="${response}"`;
  return [
    `${name}: Digest username="${username}", realm="${realm}", nonce="n0nce", uri="${unsigned.uri}", algorithm=${algorithm}${protection}${complete}`,
  ];
}

interface Shape {
  readonly method?: string;
  readonly toTag?: string;
  readonly extra?: readonly string[];
}

function requestOf(tested: Case, { method = 'INVITE', toTag, extra = [] }: Shape = {}): SipRequest {
  const text = [
    `${method} sip:${USERS[tested.uriName]}@${REALM} SIP/2.0`,
    'Via: SIP/2.0/UDP 203.0.113.5;branch=z9hG4bK1',
    'From: <sip:caller@customer.example>;tag=f1',
    `To: <sip:${USERS[tested.toName]}@${REALM}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    'Call-ID: c1',
    `CSeq: 1 ${method}`,
    ...authorization(tested),
    ...extra,
    '',
    '',
  ].join('\r\n');
  return parsedRequest(text);
}

function parsedRequest(text: string): SipRequest {
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  assert.equal(parsed.kind, 'request');
  return parsed;
}

function decideOn(tested: Case, shape?: Shape, overrides?: Partial<PolicyView>, inDialog = false): Decision {
  return decide(arrivalOf(tested, requestOf(tested, shape), inDialog), viewOf(tested, overrides), 0);
}

function arrivalOf(tested: Case, request: SipRequest, inDialog = false): Arrival {
  const source = tested.listed ? LISTED : UNLISTED;
  return { request, source, inDialog, records: recordsFor(request, source, recordSource(tested)) };
}

/** What a caller sees: `in`, or the status of the answer, with a mark if a challenge is stale. */
function outcome(decision: Decision): string {
  switch (decision.action) {
    case 'deliver':
      return 'in';
    case 'challenge':
      return decision.stale ? '407 stale' : '407';
    case 'refuse':
      return String(decision.status);
    default:
      return decision.action;
  }
}

/** The rules once more, written from the catalogue; they judge the facts of a case instead of a request. */
function expected(tested: Case): string {
  const { mode, uriName, toName, sent, authUser, nonce } = tested;
  const own = mode === 'off' ? ['id'] : ['id', 'uri'];
  const isOwn = own.includes(uriName) && own.includes(toName);
  if (!isOwn && uriName !== toName) return '403';
  const addressed = uriName === 'other' ? 'password' : isOwn ? mode : 'unknown';
  if (addressed === 'unknown' || addressed === 'off' || addressed === 'none') return '401';
  const checksSource = addressed === 'source' || addressed === 'layered';
  if (checksSource && !tested.listed) return '401';
  if (tested.region === 'refused' || tested.region === 'unknown') return '401';
  if (addressed === 'source') return 'in';
  if (sent === 'nothing' || sent === 'other realm' || sent === 'as Authorization') return '407';
  const userFits = uriName === 'other' ? authUser === 'other' : authUser === 'id' || authUser === 'uri';
  if (!userFits) return '403';
  const fitting = ['domain', 'address', ...(uriName === 'other' ? ['other'] : ['id', 'uri'])];
  if (sent === 'incomplete' || nonce === 'forged' || !fitting.includes(tested.digestUri)) return '407';
  if (nonce === 'expired' || nonce === 'foreign') return sent === 'right' ? '407 stale' : '407';
  if (sent === 'wrong') return '401';
  return tested.qop && tested.replayed ? '407 stale' : 'in';
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  mode: fc.constantFrom(...MODES),
  listed: fc.boolean(),
  region: fc.constantFrom(...REGIONS),
  uriName: fc.constantFrom(...NAMES),
  toName: fc.constantFrom(...NAMES),
  sent: fc.constantFrom(...SENT),
  authUser: fc.constantFrom(...AUTH_USERS),
  nonce: fc.constantFrom(...NONCES),
  replayed: fc.boolean(),
  qop: fc.boolean(),
  algorithm: fc.constantFrom(...ALGORITHMS),
  digestUri: fc.constantFrom(...DIGEST_URIS, 'domain', 'domain', 'domain', 'domain'),
});

/** Half of all names match; otherwise most cases would end at 403. */
const matchedCase = fc
  .tuple(anyCase, fc.constantFrom('id', 'uri', undefined))
  .map(([tested, name]) => (name === undefined ? tested : { ...tested, uriName: name, toName: name }));

test('every combination of mode, source, region, identity and digest gets what the rules say', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(matchedCase, (tested) => {
      const actual = outcome(decideOn(tested));
      seen.set(actual, (seen.get(actual) ?? 0) + 1);
      assert.equal(actual, expected(tested));
    }),
    { numRuns: 6000 },
  );
  assert.deepEqual([...seen.keys()].toSorted(), ['401', '403', '407', '407 stale', 'in']);
});

const GOOD: Case = {
  mode: 'layered',
  listed: true,
  region: 'allowed',
  uriName: 'id',
  toName: 'id',
  sent: 'right',
  authUser: 'id',
  nonce: 'valid',
  replayed: false,
  qop: true,
  algorithm: 'MD5',
  digestUri: 'domain',
};

test('hops and loops are judged before the caller (RFC 3261 16.3)', () => {
  fc.assert(
    fc.property(matchedCase, (tested) => {
      const returned = { loops: { hasReturned: () => true } };
      assert.equal(outcome(decideOn(tested, { extra: ['Max-Forwards: 0'] }, returned)), '483');
      assert.equal(outcome(decideOn(tested, {}, returned)), '482');
      assert.equal(outcome(decideOn(tested, { extra: ['Proxy-Require: foo'] })), '420');
    }),
  );
  assert.equal(outcome(decideOn(GOOD, { method: 'OPTIONS', extra: ['Max-Forwards: 0'] })), '483');
});

test('a To tag alone admits nobody, whatever the credentials (rule sip.dialog.auth)', () => {
  fc.assert(
    fc.property(
      matchedCase,
      fc.constantFrom('INVITE', 'BYE', 'OPTIONS', 'MESSAGE', 'INFO'),
      (tested, method) => {
        assert.equal(outcome(decideOn(tested, { method, toTag: 'made-up' })), '481');
        assert.equal(outcome(decideOn(tested, { method, toTag: 'real' }, {}, true)), 'relay');
      },
    ),
  );
});

test('methods outside a dialog (rules sip.methods, sip.options.keepalive)', () => {
  const answers = {
    OPTIONS: 'answer',
    REGISTER: '405',
    BYE: '481',
    MESSAGE: '405',
    SUBSCRIBE: '405',
    invite: '405',
  };
  for (const [method, answer] of Object.entries(answers)) {
    assert.equal(outcome(decideOn(GOOD, { method })), answer, method);
  }
  assert.equal(outcome(decideOn(GOOD, { method: 'REGISTER', toTag: 'x' })), '405');
});

test('an unknown and a disabled application get the same decision, even the same reason', () => {
  fc.assert(
    fc.property(anyCase, (tested) => {
      const disabled = decideOn({ ...tested, mode: 'off', uriName: 'id', toName: 'id' });
      const unknown = decideOn({ ...tested, uriName: 'stranger', toName: 'stranger' });
      assert.deepEqual(disabled, unknown);
    }),
  );
});

function nonceUse(tested: Case): unknown {
  const decision = decideOn(tested);
  return decision.action === 'deliver' ? decision.nonceUse : decision.action;
}

test('only accepted credentials have a nonce-count to remember', () => {
  assert.deepEqual(nonceUse(GOOD), { nonce: 'n0nce', count: 1 });
  assert.equal(nonceUse({ ...GOOD, qop: false }), undefined);
  assert.equal(nonceUse({ ...GOOD, mode: 'source' }), undefined);
  assert.equal(nonceUse({ ...GOOD, sent: 'wrong' }), 'refuse');
});

test('credentials for another realm do not hide those for ours (rule sip.auth.foreign-realm)', () => {
  const foreign =
    'Proxy-Authorization: Digest username="x", realm="elsewhere.example", nonce="n", uri="u", response="r"';
  assert.equal(outcome(decideOn(GOOD, { extra: [foreign] })), 'in');
  const text = requestOf(GOOD).text.replace('Proxy-Authorization:', `${foreign}\r\nProxy-Authorization:`);
  const request = parsedRequest(text);
  assert.equal(outcome(decide(arrivalOf(GOOD, request), viewOf(GOOD), 0)), 'in');
});

test('the application’s name may be escaped (RFC 3261 19.1.4)', () => {
  const text = requestOf(GOOD).text.replace(`INVITE sip:15`, 'INVITE sip:%315');
  const request = parsedRequest(text);
  assert.equal(outcome(decide(arrivalOf(GOOD, request), viewOf(GOOD), 0)), 'in');
});
