import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import type { SipResponse } from '../sip/message.ts';
import {
  DISABLED,
  LoopbackEdge,
  LOOPBACK,
  NONCE_LIFETIME_MS,
  PASSWORD,
  REALM,
  URI_USER,
} from '../testing/loopback_edge.ts';

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start();
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

/** Sends an INVITE, expects that final answer, and that nothing reaches the callee. */
async function refused(
  status: number,
  shape: Parameters<LoopbackEdge['inviteText']>[0],
): Promise<SipResponse> {
  const invite = lab.inviteText(shape);
  lab.fromCaller(invite);
  const response = await lab.caller.response(status);
  lab.acknowledge(invite, response);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
  return response;
}

test('sip.challenge: 407 with the realm, qop and a fresh nonce', async () => {
  const [first, second] = [await lab.challenged(), await lab.challenged({ callId: 'second' })];
  const value = first.value('proxy-authenticate')!;
  assert.match(value, new RegExp(`^Digest realm="${REALM}", nonce="[^"]+", algorithm=MD5, qop="auth"$`));
  assert.notEqual(value, second.value('proxy-authenticate'));
});

test('sip.auth.accepted: the right digest is delivered, its credentials consumed', async () => {
  const challenge = await lab.challenged();
  const delivered = await lab.delivered({ cseq: 2, extra: [lab.authorization(challenge)] });
  assert.equal(delivered.value('proxy-authorization'), undefined);
  lab.answer(delivered, 486);
  await lab.caller.response(486);
});

for (const algorithm of ['SHA-256', 'SHA-512-256'] as const) {
  test(`a digest by ${algorithm} is accepted`, async () => {
    const challenge = await lab.challenged();
    await lab.delivered({ cseq: 2, extra: [lab.authorization(challenge, { algorithm })] });
  });
}

test('sip.challenge.qop: a digest without qop, and one with the URI user as username, are accepted too', async () => {
  const challenge = await lab.challenged();
  const authorization = lab.authorization(challenge, { qop: false, username: URI_USER });
  await lab.delivered({ cseq: 2, user: URI_USER, extra: [authorization] });
  await lab.delivered({ cseq: 3, extra: [authorization] });
});

test('sip.auth.wrong-password: 401 with WWW-Authenticate of the same realm', async () => {
  const challenge = await lab.challenged();
  const response = await refused(401, {
    cseq: 2,
    extra: [lab.authorization(challenge, { password: 'wrong' })],
  });
  assert.match(response.value('www-authenticate')!, new RegExp(`^Digest realm="${REALM}", nonce="`));
});

test('amb.401-no-challenge: an Authorization is never taken for a Proxy-Authorization', async () => {
  const challenge = await lab.challenged();
  const extra = [lab.authorization(challenge).replace('Proxy-', '')];
  await refused(407, { cseq: 2, extra });
});

test('sip.auth.stale-nonce: 407 with another nonce and stale=true; after a wrong digest without stale', async () => {
  const challenge = await lab.challenged();
  lab.clock.advance(NONCE_LIFETIME_MS + 1);
  const stale = await refused(407, { cseq: 2, extra: [lab.authorization(challenge)] });
  assert.match(stale.value('proxy-authenticate')!, /stale=true/);
  const wrong = await refused(407, { cseq: 3, extra: [lab.authorization(challenge, { password: 'wrong' })] });
  assert.doesNotMatch(wrong.value('proxy-authenticate')!, /stale=true/);
  await lab.delivered({ cseq: 4, extra: [lab.authorization(stale)] });
});

test('sip.auth.forged-nonce: 407, even if the digest is right', async () => {
  const challenge = await lab.challenged();
  await refused(407, { cseq: 2, extra: [lab.authorization(challenge, { nonce: 'a'.repeat(40) })] });
});

test('sip.auth.nonce-replay: the same nc, or a lower one, gets 407; a wrong digest uses up no nc', async () => {
  const challenge = await lab.challenged();
  await lab.delivered({ cseq: 2, extra: [lab.authorization(challenge, { nc: 1 })] });
  await lab.delivered({ cseq: 3, extra: [lab.authorization(challenge, { nc: 5 })] });
  await refused(407, { cseq: 4, extra: [lab.authorization(challenge, { nc: 5 })] });
  await refused(407, { cseq: 5, extra: [lab.authorization(challenge, { nc: 3 })] });
  await refused(401, {
    cseq: 6,
    extra: [lab.authorization(challenge, { nc: 0xffffffff, password: 'wrong' })],
  });
  await lab.delivered({ cseq: 7, extra: [lab.authorization(challenge, { nc: 6 })] });
});

test('sip.auth.foreign-realm: credentials for another realm do not count and go on to the callee', async () => {
  const foreign =
    'Proxy-Authorization: Digest username="u", realm="elsewhere.example", nonce="n", uri="sip:x", response="r"';
  await refused(407, { extra: [foreign] });
  const challenge = await lab.challenged();
  const delivered = await lab.delivered({ cseq: 2, extra: [foreign, lab.authorization(challenge)] });
  assert.deepEqual(
    delivered.values('proxy-authorization').map((value) => `Proxy-Authorization: ${value}`),
    [foreign],
  );
});

test('sip.identity.*: auth user, Request-URI and To must name the one application', async () => {
  const challenge = await lab.challenged();
  await refused(403, { cseq: 2, extra: [lab.authorization(challenge, { username: 'somebody' })] });
  await refused(403, { cseq: 3, user: 'somebody', toUser: URI_USER });
  await refused(403, { cseq: 4, toUser: 'somebody' });
  await lab.delivered({ cseq: 5, toUser: URI_USER, extra: [lab.authorization(challenge)] });
});

test('sip.ip.no-challenge: a listed source is let in, and its credentials are ignored, right or wrong', async () => {
  lab.trustSources();
  const delivered = await lab.delivered({
    extra: [`Proxy-Authorization: Digest username="x", realm="${REALM}", nonce="n", uri="u", response="r"`],
  });
  assert.equal(delivered.value('proxy-authorization'), undefined);
});

test('sip.ip.not-listed, sip.layered.*: source and digest must both fit, and changes hold at once', async () => {
  const challenge = await lab.challenged();
  const elsewhere = { network: 0xcb007100, mask: 0xffffff00 };
  lab.settings = { ...lab.settings, allowedSources: [elsewhere] };
  await refused(401, { cseq: 2, extra: [lab.authorization(challenge)] });
  await refused(401, { cseq: 3 });
  lab.settings = { ...lab.settings, allowedSources: [elsewhere, LOOPBACK] };
  await refused(401, { cseq: 4, extra: [lab.authorization(challenge, { password: 'wrong' })] });
  await lab.delivered({ cseq: 5, extra: [lab.authorization(challenge)] });
  lab.settings = { ...lab.settings, credential: null, allowedSources: [elsewhere] };
  await refused(401, { cseq: 6, extra: [lab.authorization(challenge, { nc: 2 })] });
});

test('sip.region.*: a source outside the allowed regions gets 401', async () => {
  lab.trustSources();
  lab.settings = { ...lab.settings, allowedRegions: ['EU', 'US'] };
  await lab.delivered();
  for (const region of ['AP', undefined]) {
    lab.region = region;
    await refused(401, { callId: `from-${region}` });
  }
});

test('sip.unknown-application: its answer is that of a disabled one, apart from what differs in every answer', async () => {
  const [unknown, disabled] = [
    await refused(401, { user: '0'.repeat(36), branch: 'z9hG4bKsame' }),
    await refused(401, { user: DISABLED, branch: 'z9hG4bKsame2' }),
  ].map(({ text }) =>
    text
      .replaceAll(/nonce="[^"]*"/g, 'nonce')
      .replaceAll(/;tag=[0-9a-f]{16}/g, ';tag')
      .replaceAll(DISABLED, '0'.repeat(36))
      .replaceAll('z9hG4bKsame2', 'z9hG4bKsame'),
  );
  assert.equal(unknown, disabled);
});

test('sip.options.keepalive: 200 Keepalive without credentials; 483 with Max-Forwards 0', async () => {
  for (let i = 0; i < 3; i++) {
    lab.fromCaller(lab.requestText('OPTIONS'));
    assert.equal((await lab.caller.response(200)).reasonPhrase, 'Keepalive');
  }
  lab.fromCaller(lab.requestText('OPTIONS', ['Max-Forwards: 0']));
  await lab.caller.response(483);
});

test('a refused request that comes again by another way gets 482', async () => {
  const text = lab.requestText('MESSAGE').replace(/^Call-ID: .*$/m, 'Call-ID: two-ways');
  lab.fromCaller(text);
  await lab.caller.response(405);
  lab.fromCaller(text.replace(/branch=[^;\r]+/, 'branch=z9hG4bKanother'));
  await lab.caller.response(482);
  lab.fromCaller(text);
  await lab.caller.response(405);
});

test('sip.methods: outside a dialog only INVITE and OPTIONS are served', async () => {
  for (const method of ['REGISTER', 'MESSAGE', 'SUBSCRIBE', 'REFER', 'PUBLISH', 'INFO', 'NEWMETHOD']) {
    lab.fromCaller(lab.requestText(method));
    assert.match(
      (await lab.caller.response(405)).value('allow')!,
      /INVITE, ACK, CANCEL, BYE, OPTIONS/,
      method,
    );
  }
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

test('sip.hops: Max-Forwards 0 gets 483 before any challenge', async () => {
  await refused(483, { maxForwards: '0' });
});

test('Proxy-Require gets 420 that lists what is unsupported (RFC 3261 16.3)', async () => {
  const response = await refused(420, { extra: ['Proxy-Require: foo', 'Proxy-Require: bar, baz'] });
  assert.equal(response.value('unsupported'), 'foo, bar, baz');
});

test('sip.dialog.auth: an invented To tag is not let in, whatever Route it has', async () => {
  lab.trustSources();
  const { port } = lab.edge.address;
  await refused(481, { toTag: 'invented', extra: [`Route: <sip:127.0.0.1:${port};lr>`] });
});

test('each decision is logged with its reason, and with nothing secret', async () => {
  const challenge = await lab.challenged();
  await refused(401, { cseq: 2, extra: [lab.authorization(challenge, { password: 'wrong' })] });
  const decisions = lab.log.filter(({ event, method }) => event === 'sip.decision' && method === 'INVITE');
  assert.deepEqual(
    decisions.map(({ action, reason }) => [action, reason]),
    [
      ['challenge', 'no-credentials'],
      ['refuse', 'digest-wrong'],
    ],
  );
  const written = JSON.stringify(lab.log);
  for (const secret of [PASSWORD, 'response', /nonce="([^"]+)"/.exec(challenge.text)![1]!]) {
    assert.ok(!written.includes(secret), secret);
  }
});
