import { runSipp, startSipp, type SippOptions } from 'sipp-ts-wrapper';

import { HarnessError } from '../../harness/verdict.ts';
import type { Contender } from './contender.ts';
import { ANSWERING_SCENARIO, LOADS, REFUSED_CALL_SCENARIO } from './loads.ts';
import { callerAddress, PLATFORM, REALM } from './places.ts';
import type { CalledApplications } from './traffic.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
/** A caller of no known region, who is in no allowed prefix. */
const ELSEWHERE = '198.51.100.20';
const PATIENCE_MS = 4_000;

interface Refusal {
  readonly what: string;
  readonly status: number;
  readonly user: string;
  readonly to?: string;
  readonly hops?: number;
  readonly from?: string;
}

/**
 * Rejects with a HarnessError unless a server does the work that is compared: lets calls in by digest and by address,
 * refuses what it must, and delivers calls without vendor fields and credentials and with a Record-Route.
 */
export async function assertSameWork(
  contender: Contender,
  { password, source }: CalledApplications,
): Promise<void> {
  const refusals: readonly Refusal[] = [
    { what: 'no credentials', status: 407, user: password.id },
    { what: 'no hops left', status: 483, user: password.id, hops: 0 },
    { what: 'another user in To', status: 403, user: password.id, to: source.id },
    { what: 'an unknown application', status: 401, user: NOBODY },
    { what: 'a region that is not allowed', status: 401, user: password.id, from: ELSEWHERE },
    { what: 'a source that is not allowed', status: 401, user: source.id, from: ELSEWHERE },
  ];
  for (const refusal of refusals) {
    const status = await statusOf(contender, refusal);
    if (status !== refusal.status) {
      complain(contender, `answers ${status ?? 'nothing'} to ${refusal.what}, not ${refusal.status}`);
    }
  }
  const credentials = { username: password.id, password: `not ${password.password}` };
  const wrong = await runSipp({
    ...call(contender, password.id, LOADS['authenticated-call'].scenario),
    credentials,
  });
  if (!wrong.messages.at(-1)?.text.startsWith('SIP/2.0 401 ') && !wrong.reason.includes('401')) {
    complain(contender, `does not answer 401 to a wrong password: ${wrong.reason}`);
  }
  await assertDelivery(contender, password.id, { username: password.id, password: password.password ?? '' });
  await assertDelivery(contender, source.id, undefined);
}

async function statusOf(
  contender: Contender,
  { user, to, hops, from }: Refusal,
): Promise<number | undefined> {
  const { messages } = await runSipp({
    ...call(contender, user, REFUSED_CALL_SCENARIO),
    ...(from === undefined ? {} : { local: { address: from } }),
    keys: { domain: REALM, to: to ?? user, hops: String(hops ?? 70) },
  });
  const final = messages.find(
    ({ direction, text }) => direction === 'received' && /^SIP\/2\.0 [2-6]/.test(text),
  );
  return final === undefined ? undefined : Number(final.text.slice(8, 11));
}

async function assertDelivery(
  contender: Contender,
  user: string,
  credentials: SippOptions['credentials'],
): Promise<void> {
  const platform = await startSipp({
    scenario: ANSWERING_SCENARIO,
    local: { address: PLATFORM.host, port: PLATFORM.port },
  });
  const load = LOADS[credentials === undefined ? 'ip-only-call' : 'authenticated-call'];
  const { outcome, reason } = await runSipp({ ...call(contender, user, load.scenario), credentials });
  const { messages } = await platform.stop(PATIENCE_MS);
  if (outcome !== 'passed') complain(contender, `does not complete ${load.name}: ${reason}`);
  const invite = messages.find(({ text }) => text.startsWith('INVITE '))?.text ?? '';
  const flaws = [
    ...(/^X-/im.test(invite) ? ['with vendor fields'] : []),
    ...(/^Proxy-Authorization:/im.test(invite) ? ['with the credentials'] : []),
    ...(/^Record-Route:.*;lr/im.test(invite) ? [] : ['without a Record-Route']),
    ...(/^Max-Forwards: *69\r?$/im.test(invite) ? [] : ['without a hop counted']),
    ...(/^Subject: bench\r?$/im.test(invite) ? [] : ["without the caller's Subject"]),
  ];
  if (flaws.length > 0) complain(contender, `delivers ${load.name} ${flaws.join(', ')}`);
}

function call({ at }: Contender, user: string, scenario: string): SippOptions {
  return {
    scenario,
    remote: at,
    local: { address: callerAddress(0) },
    service: user,
    authUri: `${user}@${REALM}`,
    keys: { domain: REALM },
    receiveTimeoutMs: PATIENCE_MS,
  };
}

function complain({ name }: Contender, flaw: string): never {
  throw new HarnessError(`${name} does not do the work that is compared: it ${flaw}`);
}
