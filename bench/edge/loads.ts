import { join } from 'node:path';

const SCENARIOS = join(import.meta.dirname, 'scenarios');

/** The scenario of the voice platform. */
export const ANSWERING_SCENARIO = join(SCENARIOS, 'answering.xml');
/** A call that stays open for SIPp's -d milliseconds. */
export const HELD_CALL_SCENARIO = join(SCENARIOS, 'held_call.xml');
/** A call with the key `to` as its To user and the key `hops` as its Max-Forwards. */
export const REFUSED_CALL_SCENARIO = join(SCENARIOS, 'refused_call.xml');

/** The kinds of traffic, in the order they are measured. */
export const LOAD_NAMES = ['authenticated-call', 'ip-only-call', 'options', 'challenge'] as const;
export type LoadName = (typeof LOAD_NAMES)[number];

/** One kind of traffic. */
export interface Load {
  readonly name: LoadName;
  readonly title: string;
  readonly scenario: string;
  /** Which of the two applications is called: by password, or trusted by its source address. */
  readonly application: 'password' | 'source';
  readonly isAnswered: boolean;
  /** Calls a second that one SIPp process sends without losses of its own. */
  readonly mostOfOneProcess: number;
}

/** The loads by name. */
export const LOADS: Readonly<Record<LoadName, Load>> = {
  'authenticated-call': {
    name: 'authenticated-call',
    title: 'INVITE 407 ACK INVITE 180 200 ACK BYE 200',
    scenario: join(SCENARIOS, 'authenticated_call.xml'),
    application: 'password',
    isAnswered: true,
    mostOfOneProcess: 500,
  },
  'ip-only-call': {
    name: 'ip-only-call',
    title: 'INVITE 180 200 ACK BYE 200',
    scenario: join(SCENARIOS, 'ip_only_call.xml'),
    application: 'source',
    isAnswered: true,
    mostOfOneProcess: 750,
  },
  options: {
    name: 'options',
    title: 'OPTIONS 200',
    scenario: join(SCENARIOS, 'options.xml'),
    application: 'password',
    isAnswered: false,
    mostOfOneProcess: 2000,
  },
  challenge: {
    name: 'challenge',
    title: 'INVITE 407 ACK',
    scenario: join(SCENARIOS, 'challenge.xml'),
    application: 'password',
    isAnswered: false,
    mostOfOneProcess: 1000,
  },
};
