import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { EXIT } from '../../harness/exit_code.ts';
import { LEGAL_DEVIATIONS } from '../../harness/testing/misbehaviour/deviations.ts';
import type { Verdict } from '../../harness/verdict.ts';
import { descriptor, LAB, LAB_CONFIG, Run, skip, started } from '../testing/features_run.ts';

/** Rules that meet every deviation on their way. */
const RULES = [
  'oauth.token.client-credentials',
  'oauth.token.parameters',
  'oauth.token.scope',
  'app.success-status',
  'app.create',
  'app.envelope',
  'app.get.settings',
  'app.enable.password',
  'app.cidr.accepted',
  'app.cidr.rejected',
  'app.cidr.limit',
  'app.last-mechanism',
  'app.delete',
  'sip.auth.accepted',
  'sip.ip.no-challenge',
] as const;

/** What becomes of a rule that does not pass: its verdict, and what the report says of it. */
type Judged = { readonly [Rule in (typeof RULES)[number]]?: readonly [Verdict, RegExp] | undefined };

interface Case {
  readonly title: string;
  readonly deviations: readonly string[];
  /** Every other rule passes. */
  readonly judged: Judged;
}

const NO_PASSWORD = [
  'inconclusive',
  /^nobody can call with a password: PATCH http:\S+ was answered 204 with no body: there is no sipAuthPassword in its data .*; that is for app\.enable\.password to judge/,
] as const;

const CASES: readonly Case[] = [
  { title: 'whatever is legal', deviations: Object.keys(LEGAL_DEVIATIONS), judged: {} },
  {
    title: 'a token whose lifetime nobody tells, a new application that is answered 200, and null for lists',
    deviations: [
      'a token without expires_in',
      'a new application with 200',
      'answers with null for links',
      'answers with null for errors where there is none',
    ],
    judged: {
      'oauth.token.client-credentials': ['failed', /actual: {5}expires_in: /],
      'app.success-status': ['failed', /acceptable: 201\nactual: {5}200/],
      'app.envelope': ['failed', /actual: {5}links: /],
    },
  },
  {
    title:
      'a token with a string for its lifetime and no type, what only Location names, and a list for data',
    deviations: [
      'a token with expires_in as a string',
      'a token without a type',
      'a new application in Location alone',
      'answers with data in a list',
    ],
    judged: {
      'oauth.token.client-credentials': ['failed', /token_type: .*expires_in: |expires_in: .*token_type: /],
      'app.success-status': ['failed', /acceptable: the application in the answer\nactual: .* with no body/],
      'app.envelope': ['failed', /actual: {5}data: /],
    },
  },
  {
    title: 'a token in another answer, refusals of another form, and deletions that are answered 202',
    deviations: [
      'a token with 201',
      'a token in another JSON type',
      'a token that lives for no time',
      'refusals as problem details',
      'deletions that are taken up',
    ],
    judged: {
      'oauth.token.client-credentials': ['failed', /acceptable: 200\nactual: {5}201/],
      'app.success-status': ['failed', /acceptable: 200, or 204\nactual: {5}202/],
      'app.envelope': ['failed', /actual: {5}links: .*data: .*errors: /],
    },
  },
  {
    title: 'all of that at once, in another way',
    deviations: [
      'a token of another type',
      'a token that lives for less than no time',
      'a new application with 202',
      'answers without links',
      'answers without errors where there is none',
      'answers with data one level deeper',
      'a new application without an envelope',
      'refusals as text',
    ],
    judged: {
      'oauth.token.client-credentials': ['failed', /actual: {5}token_type: .*; expires_in: /],
      'app.success-status': ['failed', /acceptable: 201\nactual: {5}202/],
      'app.envelope': ['failed', /actual: {5}links: .*errors: /],
    },
  },
  {
    title: 'changes without a body, and one error that is no list',
    deviations: ['changes without a body', 'refusals with one error outside of a list'],
    judged: {
      'app.envelope': ['failed', /actual: {5}errors: /],
      'app.success-status': ['failed', /acceptable: 200\nactual: {5}204/],
      'app.enable.password': ['failed', /no application in data/],
      'app.last-mechanism': NO_PASSWORD,
      'sip.auth.accepted': NO_PASSWORD,
      // Some of its rows bring another application's credentials along.
      'sip.ip.no-challenge': NO_PASSWORD,
    },
  },
];

/** Deviations that leave nothing to judge, with the message that ends the run. */
const HOPELESS: Readonly<Record<string, RegExp>> = {
  'no token in the answer':
    /^features: no access token: POST http:\S+\/token was answered 200 with \{token_type, expires_in\}\. Is it the token endpoint/m,
  'no id of a new application':
    /^features: no application can be made: POST http:\S+\/voice-applications was answered 201 with \{links, data: \{applicationName\}, errors\}\. /m,
};

/** A run against the reference whose HTTP answers deviate so. */
function runOf(name: string, deviations: readonly string[]): Run {
  const { hostname, port } = new URL(LAB.api.baseUrl);
  const relay = ['node', 'commands/testing/fixtures/deviating_edge.ts', hostname, port, '8081'];
  // Tokens that end while the run goes on.
  const start = started([...relay, deviations.join('|'), ...LAB_CONFIG], {
    VOICE_EDGE_TOKEN_LIFETIME_SECONDS: '3',
  });
  const target = descriptor({ name, readyMs: 60_000, place: { ...LAB, start } });
  return new Run(['--target', target, '--tags', RULES.map((rule) => `@${rule}`).join(' or ')]);
}

/** The exit code of a run with these verdicts. */
function exitCodeOf(judged: Judged): number {
  const verdicts = Object.values(judged).map((one) => one?.[0]);
  if (verdicts.includes('error')) return EXIT.harness;
  return verdicts.includes('failed') ? EXIT.notSo : EXIT.fine;
}

describe('a target whose HTTP answers deviate', { concurrency: 2, skip, timeout: 600_000 }, () => {
  for (const [index, { title, deviations, judged }] of CASES.entries()) {
    test(`${title}: only what is about it, or needs it, does not pass`, async () => {
      const run = runOf(`deviating-${index}`, deviations);
      assert.equal(await run.ended, exitCodeOf(judged), run.stdout + run.stderr);
      const conformance = run.conformance();
      const found = RULES.map((id) => [id, conformance.rules.find((rule) => rule.id === id)?.verdict]);
      const expected = RULES.map((id) => [id, judged[id]?.[0] ?? 'passed']);
      assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected), run.stdout);
      for (const rule of RULES) {
        const says = judged[rule]?.[1];
        if (says) assert.match(run.rule(rule)[1], says);
      }
    });
  }
  for (const [deviation, says] of Object.entries(HOPELESS)) {
    test(`${deviation}: the run ends before it begins`, async () => {
      const run = runOf(`hopeless-${deviation.replaceAll(' ', '-')}`, [deviation]);
      assert.match(await run.complaint(EXIT.harness), says);
      await run.gone();
    });
  }
});
