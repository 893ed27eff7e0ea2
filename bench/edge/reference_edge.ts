import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { createEnabledApplication } from '../../harness/clients/application.ts';
import { HttpJournal } from '../../harness/clients/http.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import { TokenSource } from '../../harness/clients/oauth.ts';
import type { Contender } from './contender.ts';
import { LOADS } from './loads.ts';
import {
  CALLERS_PREFIX,
  CALLERS_REGION,
  MANAGEMENT_API,
  OURS,
  PLATFORM,
  REALM,
  type ServerAddress,
} from './places.ts';
import { ServerProcess } from './server_process.ts';
import { answersOptions, type CalledApplications } from './traffic.ts';

const ACCOUNT = '9900000';
const READY_MS = 20_000;
/**
 * For many calls a second (docs/architecture.md): a call's transactions outlive several collections of a nursery of
 * the usual size, and with few processors its parallel collectors cost more than they save.
 */
const NODE_FLAGS = ['--min-semi-space-size=32', '--max-semi-space-size=32', '--no-parallel-scavenge'];

/** The reference, and the applications that were made on it through its management API. */
export interface ReferenceEdge extends Contender {
  readonly applications: CalledApplications;
  readonly management: Management;
}

/** The reference's management API, and the tokens for it. */
export interface Management {
  readonly baseUrl: string;
  readonly account: string;
  readonly tokens: TokenSource;
}

/** Starts impl/main.ts with a store in memory; `environment` adds to or replaces its settings, `flags` Node's. */
export async function startReferenceEdge(
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  flags: readonly string[] = NODE_FLAGS,
): Promise<ReferenceEdge> {
  const client = { id: 'bench', secret: randomBytes(18).toString('base64url') };
  const settings = {
    VOICE_EDGE_API_HOST: MANAGEMENT_API.host,
    VOICE_EDGE_API_PORT: String(MANAGEMENT_API.port),
    VOICE_EDGE_SIP_HOST: OURS.host,
    VOICE_EDGE_SIP_PORT: String(OURS.port),
    VOICE_EDGE_SIP_DOMAIN: REALM,
    VOICE_EDGE_PLATFORM_HOST: PLATFORM.host,
    VOICE_EDGE_PLATFORM_PORT: String(PLATFORM.port),
    VOICE_EDGE_DATABASE: ':memory:',
    VOICE_EDGE_REGIONS: 'US,EU',
    VOICE_EDGE_REGION_TABLE: `${CALLERS_PREFIX}=${CALLERS_REGION},203.0.113.128/25=EU`,
    VOICE_EDGE_ACCOUNT: ACCOUNT,
    VOICE_EDGE_CLIENT_ID: client.id,
    VOICE_EDGE_CLIENT_SECRET: client.secret,
    ...environment,
  };
  const server = await ServerProcess.start(
    'the reference',
    [process.execPath, ...flags, 'impl/main.ts'],
    settings,
    join(folder, 'bench-reference.log'),
  );
  try {
    await server.untilReady(() => isReady(MANAGEMENT_API), READY_MS, signal);
    const management = managementBy(client);
    const applications = await createApplications(management);
    return { name: 'ours', at: OURS, process: server, applications, management };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function isReady({ host, port }: ServerAddress): Promise<boolean> {
  const response = await fetch(`http://${host}:${port}/health/ready`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status === 200 && (await answersOptions(LOADS.options.scenario, OURS));
}

function managementBy(client: { id: string; secret: string }): Management {
  const baseUrl = `http://${MANAGEMENT_API.host}:${MANAGEMENT_API.port}`;
  const tokens = new TokenSource(`${baseUrl}/api/v1/oauth2/token`, client);
  return { baseUrl, account: ACCOUNT, tokens };
}

async function createApplications(management: Management): Promise<CalledApplications> {
  const { baseUrl, account, tokens } = management;
  const api = new ManagementClient(new HttpJournal(), tokens, baseUrl, account);
  const allowedRegions = [CALLERS_REGION];
  const byPassword = await createEnabledApplication(api, { passwordAuthEnabled: true, allowedRegions });
  const bySource = await createEnabledApplication(api, {
    passwordAuthEnabled: false,
    allowedSourceIps: [CALLERS_PREFIX],
    allowedRegions,
  });
  return {
    password: { id: byPassword.id, password: byPassword.passwords.at(-1) },
    source: { id: bySource.id, password: undefined },
  };
}
