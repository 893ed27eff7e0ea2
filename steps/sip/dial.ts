import { passwordOf, type Application } from '../../harness/clients/application.ts';
import type { ConformanceWorld } from '../world.ts';

/** The folder of the SIPp scenarios. */
export const SCENARIOS = 'scenarios/sip';
/** A password that no service would generate. */
export const WRONG_PASSWORD = 'not-the-password';

/** Scenarios that take every final answer: a call that is set up is ended, a refusal acknowledged. The Then judges. */
const ANY_ANSWER = {
  atOnce: 'invite-credentials-at-once',
  withCredentials: 'invite-digest-any-answer',
  without: 'invite-any-answer',
};

/** A call of the scenario's application. */
export interface Dial {
  /** The SIPp scenario; absent: one that takes every final answer. */
  readonly scenario?: string;
  readonly from?: string;
  /** Whose name and password are given; absent: none. */
  readonly credentialsOf?: Application;
  readonly password?: string | undefined;
  /** The header line with credentials for the first INVITE; absent: it has none. */
  readonly atOnce?: string;
  readonly to?: Application;
  readonly requestUri?: Application;
  /** The user part in the Request-URI, To and credentials, whether or not an application has it. */
  readonly user?: string;
  readonly pauseMs?: number;
  readonly transport?: 'udp' | 'tcp';
  readonly calls?: number;
  readonly rate?: number;
}

/** The user part that stands for the application, in the form the target prefers. */
export function userOf(world: ConformanceWorld, application: Application): string {
  return world.parameters.descriptor.userForms[0] === 'uriUser'
    ? (application.uriUser ?? application.id)
    : application.id;
}

function anyAnswer({ atOnce, credentialsOf }: Dial): string {
  if (atOnce !== undefined) return ANY_ANSWER.atOnce;
  return credentialsOf ? ANY_ANSWER.withCredentials : ANY_ANSWER.without;
}

/** Calls the application, or whoever `how` names instead. */
export function dial(world: ConformanceWorld, how: Dial = {}): Promise<void> {
  const {
    from,
    credentialsOf,
    atOnce,
    scenario = anyAnswer(how),
    requestUri = world.application,
    to = atOnce === undefined ? undefined : requestUri,
    user,
    pauseMs,
    transport,
    calls,
    rate,
  } = how;
  const password = how.password ?? (credentialsOf && passwordOf(credentialsOf));
  return world.place({
    scenario: `${SCENARIOS}/${scenario}.xml`,
    user: user ?? userOf(world, requestUri),
    ...(from === undefined ? {} : { from }),
    ...(credentialsOf && password !== undefined
      ? { credentials: { username: user ?? userOf(world, credentialsOf), password } }
      : {}),
    keys: {
      ...(to ? { to_user: how.user ?? userOf(world, to) } : {}),
      ...(atOnce === undefined ? {} : { authorization: atOnce }),
    },
    ...(pauseMs === undefined ? {} : { pauseMs }),
    ...(transport === undefined ? {} : { transport }),
    ...(calls === undefined ? {} : { calls }),
    ...(rate === undefined ? {} : { rate }),
  });
}
