import { randomBytes } from 'node:crypto';

import type { ClientCredentials } from '../../harness/clients/oauth.ts';
import type { Place } from '../../harness/target/descriptor.ts';
import { TargetProcess } from '../../harness/target/process.ts';
import { untilReady } from '../../harness/target/readiness.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { StartOptions } from './options.ts';
import { HOST } from './ports.ts';

const READY_MS = 15_000;

/** The account, SIP domain and OAuth client that the reference serves. */
export interface Owner {
  readonly account: string;
  readonly domain: string;
  readonly client: ClientCredentials;
}

/** The owner from the environment, with defaults. Throws a HarnessError if only half of the client is set. */
export function ownerIn(environment: NodeJS.ProcessEnv): Owner {
  return {
    account: environment['VOICE_EDGE_ACCOUNT'] ?? '9900000',
    domain: environment['VOICE_EDGE_SIP_DOMAIN'] ?? 'sip-uri.voice-api.example',
    client: oauthClient(environment),
  };
}

/** The client of the environment, or one whose secret is made for this run. */
function oauthClient(environment: NodeJS.ProcessEnv): ClientCredentials {
  const id = environment['VOICE_EDGE_CLIENT_ID'];
  const secret = environment['VOICE_EDGE_CLIENT_SECRET'];
  if (id !== undefined && secret !== undefined) return { id, secret };
  if (id === undefined && secret === undefined) {
    return { id: 'npm-start', secret: randomBytes(18).toString('base64url') };
  }
  const missing = id === undefined ? 'VOICE_EDGE_CLIENT_ID' : 'VOICE_EDGE_CLIENT_SECRET';
  throw new HarnessError(`${missing} is not set, but its counterpart is: set both, or neither`);
}

/** Where its management API is. */
export function apiAt(apiPort: number): Place['api'] {
  const baseUrl = `http://${HOST}:${apiPort}`;
  return { baseUrl, tokenUrl: `${baseUrl}/api/v1/oauth2/token` };
}

/** Starts the reference and resolves when it answers. Rejects with a HarnessError if it ends or does not. */
export async function startReference(
  { apiPort, sipPort, platformPort, database }: StartOptions,
  { account, domain, client }: Owner,
  logFile: string,
  signal: AbortSignal,
): Promise<TargetProcess> {
  const environment = {
    VOICE_EDGE_ACCOUNT: account,
    VOICE_EDGE_SIP_DOMAIN: domain,
    VOICE_EDGE_CLIENT_ID: client.id,
    VOICE_EDGE_CLIENT_SECRET: client.secret,
    VOICE_EDGE_API_HOST: HOST,
    VOICE_EDGE_API_PORT: String(apiPort),
    VOICE_EDGE_SIP_HOST: HOST,
    VOICE_EDGE_SIP_PORT: String(sipPort),
    VOICE_EDGE_PLATFORM_HOST: HOST,
    VOICE_EDGE_PLATFORM_PORT: String(platformPort),
    VOICE_EDGE_DATABASE: database,
  };
  const command = [process.execPath, 'impl/main.ts'];
  const reference = await TargetProcess.start(command, environment, logFile);
  const api = apiAt(apiPort);
  const place = {
    start: { command, environment: {} },
    api,
    readyUrl: `${api.baseUrl}/health/ready`,
    sip: { host: HOST, port: sipPort },
    vantagePoints: [],
  };
  try {
    await untilReady(place, {
      from: HOST,
      patienceMs: READY_MS,
      answerMs: READY_MS,
      ended: reference.ended,
      signal,
    });
  } catch (error) {
    await reference.stop();
    throw error;
  }
  return reference;
}
