import { CALL_CHECKS } from '../../impl/edge/call_checks.ts';
import { decide } from '../../impl/edge/policy.ts';
import { edgeWith, type Fault } from '../fault.ts';
import { CALL_CONDITIONS, type CallCondition } from './call_conditions.ts';

/** Something that is asked of a call, by the checks that see to it together. */
interface Question {
  /** What is not looked at, for the sentence of a fault. */
  readonly what: string;
  /** The checks that are left out. */
  readonly checks: readonly string[];
  /** The rules that ask for it, the nearest one first. */
  readonly rules: readonly [string, ...string[]];
  /** Conditions under which nobody can tell whether it is looked at, with the reason. */
  readonly unseen: Readonly<Record<string, string>>;
}

const ASKS_NOTHING = 'the reference asks no password then';
const ONLY_WITH_PASSWORD = { 'no-password': ASKS_NOTHING };
const ONLY_WITH_CREDENTIALS = {
  ...ONLY_WITH_PASSWORD,
  'no-credentials': 'there is nothing to look at',
};
const IS_OFF = 'an application that is off has no settings';

/** Each by its name. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  identity: {
    what: 'whether Request-URI and To name one application',
    checks: ['identity'],
    rules: ['sip.identity.request-uri', 'sip.identity.to'],
    unseen: {},
  },
  enabled: {
    what: 'whether the application is switched on',
    checks: ['application', 'mode'],
    rules: ['sip.disabled', 'app.disable.kills-credential'],
    unseen: {
      password: IS_OFF,
      'listed-sources': IS_OFF,
      'named-regions': IS_OFF,
      'named-by-uri': IS_OFF,
      'to-by-uri': IS_OFF,
      'user-by-uri': IS_OFF,
    },
  },
  source: {
    what: 'whether the source is listed',
    checks: ['source'],
    rules: ['sip.ip.not-listed', 'sip.layered.ip-fails', 'sip.ip.prefix-edges', 'sip.source-ips.update'],
    unseen: { 'no-listed-sources': 'every source is good then' },
  },
  region: {
    what: 'whether the region is let in',
    checks: ['region'],
    rules: ['sip.region.refused', 'sip.region.update'],
    unseen: { 'no-named-regions': 'every region is good then' },
  },
  credentials: {
    what: 'whether there are credentials at all',
    checks: ['credentials', 'user-name', 'form', 'digest-uri', 'nonce', 'nonce-age', 'digest'],
    rules: ['sip.challenge', 'sip.auth.foreign-realm'],
    unseen: ONLY_WITH_PASSWORD,
  },
  'user-name': {
    what: 'whose user name the credentials have',
    checks: ['user-name', 'digest'],
    rules: ['sip.identity.auth-user'],
    unseen: { ...ONLY_WITH_CREDENTIALS, 'user-by-id': 'it is right then', 'user-by-uri': 'it is right then' },
  },
  'digest-uri': {
    what: 'what URI the digest is for',
    checks: ['digest-uri'],
    rules: ['hard.digest.uri'],
    unseen: ONLY_WITH_CREDENTIALS,
  },
  nonce: {
    what: 'whether the nonce was issued here',
    checks: ['nonce', 'nonce-age', 'nonce-count'],
    rules: ['sip.auth.forged-nonce', 'hard.digest.foreign-nonce'],
    unseen: ONLY_WITH_CREDENTIALS,
  },
  'nonce-age': {
    what: 'how old the nonce is',
    checks: ['nonce-age'],
    rules: ['sip.auth.stale-nonce'],
    unseen: ONLY_WITH_CREDENTIALS,
  },
  digest: {
    what: 'whether the digest is right',
    checks: ['digest'],
    rules: ['sip.auth.wrong-password', 'sip.layered.digest-fails'],
    unseen: ONLY_WITH_CREDENTIALS,
  },
  'nonce-count': {
    what: 'whether the nonce count was used',
    checks: ['nonce-count'],
    rules: ['sip.auth.nonce-replay', 'hard.digest.replay'],
    unseen: { ...ONLY_WITH_CREDENTIALS, 'without-qop': 'there is no count then' },
  },
};

/** A fault that was made of a question and a condition. */
export interface ConditionalFault extends Fault {
  readonly question: string;
  readonly condition: string;
}

/** Every question is left out under every condition under which an observer can tell. */
export function conditionalFaults(): readonly ConditionalFault[] {
  return Object.entries(QUESTIONS).flatMap(([question, asked]) =>
    Object.entries(CALL_CONDITIONS)
      .filter(([condition]) => !Object.hasOwn(asked.unseen, condition))
      .map(([condition, when]) => conditional(question, asked, condition, when)),
  );
}

function conditional(
  question: string,
  { what, checks, rules: [rule, ...foundBy] }: Question,
  condition: string,
  { sentence, holds }: CallCondition,
): ConditionalFault {
  const rest = CALL_CHECKS.filter(({ name }) => !checks.includes(name));
  return {
    id: `${question}-unasked-${condition}`,
    rule,
    foundBy,
    sentence: `The service does not look at ${what} if ${sentence}.`,
    question,
    condition,
    override: edgeWith({
      decide: (arrival, view, now) => decide(arrival, view, now, holds(arrival) ? rest : CALL_CHECKS),
    }),
  };
}
