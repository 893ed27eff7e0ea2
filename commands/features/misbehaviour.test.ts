import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';

import {
  LEGAL,
  LEGAL_CANCELS,
  type BROKEN,
  type UNREADABLE,
} from '../../harness/testing/misbehaviour/behaviours.ts';
import type { Verdict } from '../../harness/verdict.ts';
import type { Conformance } from '../../reports/conformance.ts';
import { descriptor, folder, LAB, REALM, Run, skip, started } from '../testing/features_run.ts';

/** The rules that services are judged by here, each with the steps that do it. */
const COURSES = {
  'sip.challenge': [
    'it is called without credentials',
    'the call is challenged with a Digest for the documented realm',
  ],
  'sip.auth.accepted': ['it is called with its password', 'the call is set up'],
  'sip.ack-cancel.unchallenged': [
    'it is called with its password, and the caller gives up while it rings',
    'the call is cancelled',
  ],
  'sip.tcp': ['it is called over TCP with its password', 'the call is set up'],
  'sip.rport': [
    'it is called without credentials, and the Via names another address',
    "the answers come to the packet's source, and their Via names it",
  ],
  'app.enable.password': ['the client reads it', 'the API answers 200'],
} as const;
type RuleId = keyof typeof COURSES;

interface Expectation {
  readonly rule: RuleId;
  readonly verdict: Verdict;
  /** The reason in the report; absent for a pass. */
  readonly says?: RegExp;
}

interface Case extends Expectation {
  readonly behaviour: string;
}

function failed(rule: RuleId, says: RegExp): Expectation {
  return { rule, verdict: 'failed', says };
}

function error(rule: RuleId, says: RegExp): Expectation {
  return { rule, verdict: 'error', says };
}

function inconclusive(rule: RuleId, says: RegExp): Expectation {
  return { rule, verdict: 'inconclusive', says };
}

function passed(rule: RuleId): Expectation {
  return { rule, verdict: 'passed' };
}

const NOT_READ =
  /^SIPp cannot go on from "SIP\/2\.0 \d+ .+": .+ which is legal \(RFC 3261 section 7\.3\.1\), and SIPp does not know it\. No verdict on this call\.$/;

/** No rule is broken: the harness says what it cannot read. */
const OF_UNREADABLE: Readonly<Record<keyof typeof UNREADABLE, readonly Expectation[]>> = {
  'blanks before the colon': [error('sip.auth.accepted', NOT_READ)],
  'blanks around the branch': [error('sip.auth.accepted', NOT_READ)],
  'blanks at the end of values': [error('sip.auth.accepted', NOT_READ)],
  'folded headers': [error('sip.auth.accepted', NOT_READ)],
  'a challenge of another scheme before the Digest': [
    passed('sip.challenge'),
    error(
      'sip.auth.accepted',
      /^SIPp misread the service: it answered "Digest realm=.*realm="peer\.example"/,
    ),
  ],
  'a name with a comma in Record-Route': [
    error('sip.auth.accepted', /^SIPp misread the service: its ACK goes by .* and not by the Record-Route/),
  ],
  'a challenge of another algorithm before the one with MD5': [
    // This rule is judged on the challenge alone.
    passed('sip.challenge'),
    error('sip.auth.accepted', /^SIPp answers only challenges with MD5, .* legal \(RFC 8760\)/),
  ],
};

const OF_BROKEN: Readonly<Record<keyof typeof BROKEN, readonly Expectation[]>> = {
  'silence to the INVITE': [
    failed(
      'sip.challenge',
      /actual: {5}no final answer \(SIPp: call 1: expected 200 \(or 100, .*407\), received nothing within 1500 ms/,
    ),
    failed('sip.auth.accepted', /actual: {5}no final answer to the INVITE \(SIPp: .* nothing within 1500 ms/),
    // Without an answer the rule cannot see where answers come.
    failed('sip.rport', /acceptable: a final answer to the packet's source\nactual: {5}none/),
  ],
  'silence after 100': [
    failed(
      'sip.auth.accepted',
      /actual: {5}100 Trying to the INVITE, and no final answer after it \(SIPp: .* received nothing within 1500 ms/,
    ),
  ],
  'silence after 180': [
    failed(
      'sip.tcp',
      /actual: {5}180 Ringing to the INVITE, and no final answer after it \(SIPp: .* nothing within/,
    ),
  ],
  'silence to the BYE': [
    failed(
      'sip.auth.accepted',
      /actual: {5}no final answer to the BYE \(SIPp: .* received nothing within 1500 ms/,
    ),
  ],
  '200 without a To tag': [
    failed('sip.auth.accepted', /actual: {5}a 200 to the INVITE whose To has no tag: .*8\.2\.6\.2/),
  ],
  '200 with an empty To tag': [
    failed('sip.auth.accepted', /actual: {5}a 200 to the INVITE whose To has no tag/),
  ],
  'another To tag to the BYE': [
    failed(
      'sip.auth.accepted',
      /actual: {5}a 200 to the BYE with the To tag another, where the BYE had peer/,
    ),
  ],
  // What a client's transaction layer drops (RFC 3261 section 17.1.3) is no answer, whatever it says.
  'another branch in the Via': [
    failed(
      'sip.auth.accepted',
      /the 200 OK that came does not count, as its topmost Via has the branch z9hG4bK-another,/,
    ),
    failed(
      'sip.tcp',
      /the 200 OK that came does not count, as its topmost Via has the branch z9hG4bK-another,/,
    ),
  ],
  'another CSeq': [
    failed(
      'sip.auth.accepted',
      /the 200 OK that came does not count, as its CSeq is 4711 INVITE, but the request has 2 INVITE/,
    ),
  ],
  'another Call-ID': [failed('sip.auth.accepted', /100 Trying to the INVITE, and no final answer after it/)],
  'less body than Content-Length says': [
    failed(
      'sip.auth.accepted',
      /the 200 OK that came does not count, as its Content-Length is 191, but 91 octets of body came/,
    ),
  ],
  'an answer from another port': [
    failed(
      'sip.rport',
      /acceptable: answers from 198\.18\.67\.33:6160, .*\nactual: {5}407 from 198\.18\.67\.33:\d+/,
    ),
    // One misbehaviour, one red rule: only sip.rport (RFC 3581) asks where an answer came from.
    passed('sip.challenge'),
  ],
  '200 and then 486': [
    failed('sip.auth.accepted', /actual: {5}200 to the INVITE, and then 486 Busy Here to it/),
  ],
  'a wrong number at the end': [
    failed('sip.auth.accepted', /actual: {5}481 Call\/Transaction Does Not Exist to the BYE/),
  ],
  'no SIP at all': [
    failed('sip.challenge', /actual: {5}no final answer \(SIPp: .* received nothing within 1500 ms/),
  ],
  'a status line and nothing else': [
    failed('sip.challenge', /actual: {5}no final answer \(SIPp: .* nothing within/),
  ],
  'a status of four digits': [failed('sip.auth.accepted', /actual: {5}2000 OK to the INVITE/)],
  'a NUL in the reason phrase': [
    error(
      'sip.auth.accepted',
      /^SIPp cannot go on from ".*": it holds a NUL octet, where SIPp stops reading/,
    ),
  ],
  'no Contact': [
    error('sip.auth.accepted', /^SIPp cannot go on from "SIP\/2\.0 200 OK": it has no Contact to send/),
  ],
  'half-closed before any answer': [
    failed('sip.tcp', /actual: {5}no final answer to the INVITE \(SIPp: .*connection/i),
  ],
  'half-closed after 100': [
    failed(
      'sip.tcp',
      /actual: {5}100 Trying to the INVITE, and no final answer after it \(SIPp: .*connection/i,
    ),
  ],
  'reset after 100': [
    failed(
      'sip.tcp',
      /actual: {5}100 Trying to the INVITE, and no final answer after it \(SIPp: .*connection/i,
    ),
  ],
  'the API is silent': [error('app.enable.password', /^PATCH http:\S+ got no answer: none within 10 s$/)],
  'the API hangs up': [error('app.enable.password', /^PATCH http:\S+ got no answer: other side closed$/)],
  'the API breaks off in the middle of a body': [
    error(
      'app.enable.password',
      /^GET http:\S+ was answered 200, but the body cannot be read: it broke off after 8 octets$/,
    ),
  ],
  'the API speaks another protocol': [
    error('app.enable.password', /^GET http:\S+ got no answer: Parse Error: Expected HTTP/),
  ],
  'the API talks without end': [
    error(
      'app.enable.password',
      /^GET http:\S+ was answered 200, but the body .* more than 16777216 octets$/,
    ),
  ],
  // What the target broke before is for another rule to judge.
  'the API answers with a page': [
    inconclusive(
      'sip.auth.accepted',
      /^nobody can call with a password: PATCH http:\S+ was answered 200 with a body that is no JSON \(text\/plain\): there is no sipAuthPassword/,
    ),
  ],
  'the API gives no password': [
    inconclusive(
      'sip.auth.accepted',
      /^nobody can call with a password: PATCH http:\S+ was answered 200 with \{data: \{\}\}: there is no sipAuthPassword/,
    ),
  ],
};

function casesOf(table: Readonly<Record<string, readonly Expectation[]>>): Case[] {
  return Object.entries(table).flatMap(([behaviour, expectations]) =>
    expectations.map((expectation) => ({ behaviour, ...expectation })),
  );
}

/** Behaviours that also concern framing: over TCP a message ends where its headers say. */
const LEGAL_OVER_TCP: readonly (keyof typeof LEGAL)[] = [
  'more provisional answers than usual',
  'headers in the opposite order',
  'compact forms',
  'extra spaces',
  'a large answer',
];

/** Whatever is legal passes. */
const LEGAL_CASES: readonly Case[] = [
  ...Object.keys(LEGAL).map((behaviour) => ({ behaviour, ...passed('sip.auth.accepted') })),
  ...Object.keys(LEGAL_CANCELS).map((behaviour) => ({ behaviour, ...passed('sip.ack-cancel.unchallenged') })),
  ...LEGAL_OVER_TCP.map((behaviour) => ({ behaviour, ...passed('sip.tcp') })),
];
const BROKEN_CASES = casesOf({ ...OF_UNREADABLE, ...OF_BROKEN });

/** A folder like the repository's root, with other features. */
function workshop(cases: readonly Case[]): string {
  const root = mkdtempSync(join(folder, 'misbehaviour-'));
  for (const name of ['commands', 'harness', 'reports', 'scenarios', 'steps', 'vectors'])
    symlinkSync(resolve(name), join(root, name));
  mkdirSync(join(root, 'features'));
  writeFileSync(join(root, 'features', 'misbehaviour.feature'), featureOf(cases));
  return root;
}

function featureOf(cases: readonly Case[]): string {
  const rules = [...Map.groupBy(cases, ({ rule }) => rule)].map(([rule, ofRule]) =>
    [`  @${rule}`, `  Rule: ${rule}`, ...ofRule.map(scenarioOf)].join('\n'),
  );
  return ['Feature: Services that misbehave', ...rules, ''].join('\n\n');
}

function scenarioOf({ behaviour, rule }: Case): string {
  const [when, then] = COURSES[rule];
  return `
    Scenario: ${behaviour}
      Given a voice application enabled with
        | passwordAuthEnabled | true |
        | applicationName | "${behaviour}" |
      When ${when}
      Then ${then}`;
}

/** Runs the cases against a scripted service: the whole suite, from the descriptor to the report. */
function runOf(name: string, cases: readonly Case[]): Run {
  const { hostname, port } = new URL(LAB.api.baseUrl);
  const sip = [LAB.sip.host, String(LAB.sip.port)];
  const command = ['node', 'commands/testing/fixtures/misbehaving_edge.ts', hostname, port, ...sip, REALM];
  const { platform: _nobody, ...place } = LAB;
  const target = descriptor({
    name,
    answerMs: 1_500,
    place: {
      ...place,
      start: started(command),
      api: { baseUrl: LAB.api.baseUrl, tokenUrl: `${LAB.api.baseUrl}/token` },
      readyUrl: `${LAB.api.baseUrl}/ready`,
    },
  });
  return new Run(['--target', target], {}, workshop(cases));
}

function judged(title: string, name: string, cases: readonly Case[], exitCode: number): void {
  describe(title, () => {
    let conformance: Conformance;
    before(async () => {
      const run = runOf(name, cases);
      assert.equal(await run.ended, exitCode, run.stdout + run.stderr);
      await run.gone();
      conformance = run.conformance();
    });
    for (const { behaviour, rule, verdict, says } of cases) {
      test(`${behaviour}: ${rule} ${verdict}`, () => {
        const found = conformance.rules
          .find(({ id }) => id === rule)
          ?.scenarios.find((scenario) => scenario.name === behaviour);
        assert.equal(found?.verdict, verdict, found?.reason);
        if (says) assert.match(found.reason ?? '', says);
      });
    }
  });
}

describe('a scripted service', { concurrency: 2, skip, timeout: 120_000 }, () => {
  judged('that varies what is legal', 'varied', LEGAL_CASES, 0);
  judged('that misbehaves', 'misbehaving', BROKEN_CASES, 2);
});
