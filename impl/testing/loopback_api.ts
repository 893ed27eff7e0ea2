import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { applyPatch } from '../api/application_patch.ts';
import { bootstrapClients } from '../api/bootstrap_client.ts';
import { callbackRefusal } from '../api/callback_url.ts';
import { Readiness } from '../api/readiness.ts';
import { startApi } from '../api/server.ts';
import type { LogEntry } from '../observe/log.ts';
import { serviceMetrics } from '../observe/service_metrics.ts';
import { openSqliteStore } from '../store/sqlite/sqlite_store.ts';
import type { Store } from '../store/store.ts';

/** The account of CLIENT. */
export const ACCOUNT = '9900000';
/** The account of OTHER_CLIENT. */
export const OTHER_ACCOUNT = '9900001';
/** The SIP domain of the service. */
export const DOMAIN = 'sip-uri.voice-api.example';
/** The client that calls use by default. */
export const CLIENT = { id: 'client-of-tests', secret: 'secret-of-the-tests' };
/** A client of another account. */
export const OTHER_CLIENT = { id: 'client-of-others', secret: 'secret-of-the-others' };
/** How long the service's tokens live. */
export const TOKEN_LIFETIME_SECONDS = 3600;

const tokenAnswer = z.object({ access_token: z.string() });

/** An answer with its body read, and parsed if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests read bodies of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly text: string;
}

/** Body and headers of a call. */
export interface CallOptions {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Record<string, string>;
  /** Null: no token. The default is a good token for ACCOUNT. */
  readonly token?: string | null;
}

/** The management API for tests, on a port that the kernel chooses, over a real SQLite file. */
export interface TestApi {
  readonly url: string;
  readonly store: Store;
  readonly directory: string;
  readonly logs: LogEntry[];
  /** Moves the API's clock. */
  advance(milliseconds: number): void;
  token(client?: { id: string; secret: string }): Promise<string>;
  /** Makes a call. `path` is relative to the voice applications of ACCOUNT unless it starts with a slash. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Creates an application and returns its id. */
  createApplication(): Promise<string>;
  stop(): Promise<void>;
}

/** Path of an account's voice applications, or of one of them. */
export function applicationsPath(account: string, applicationId?: string): string {
  const collection = `/v2/accounts/${account}/voice-applications`;
  return applicationId === undefined ? collection : `${collection}/${applicationId}`;
}

/** Headers of an HTTP Basic call on the token endpoint. */
export function basic({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** Starts the management API for tests. It trusts X-Forwarded-For of `trustedProxies` only. */
export async function startTestApi({ trustedProxies = [] as readonly string[] } = {}): Promise<TestApi> {
  const directory = mkdtempSync(join(tmpdir(), 'api-'));
  let shift = 0;
  const now = (): number => Date.now() + shift;
  const store = await openSqliteStore(join(directory, 'voice.db'), now);
  const configured = [
    { ...CLIENT, account: ACCOUNT },
    { ...OTHER_CLIENT, account: OTHER_ACCOUNT },
  ];
  await bootstrapClients(store.clients, { account: ACCOUNT, configured, randomBytes });
  const logs: LogEntry[] = [];
  const log = (entry: LogEntry): void => void logs.push(entry);
  const readiness = new Readiness([{ name: 'store', answer: () => store.ping() }], log);
  const api = await startApi({
    listen: { host: '127.0.0.1', port: 0 },
    trustedProxies,
    applications: store.applications,
    clients: store.clients,
    audit: store.audit,
    notReady: () => readiness.problem(),
    metrics: serviceMetrics({ tiers: [], version: '0.0.0' }),
    servesMetrics: true,
    applyPatch,
    token: { keys: store.tokenKeys, lifetimeSeconds: TOKEN_LIFETIME_SECONDS },
    domain: DOMAIN,
    regions: ['US', 'EU'],
    newUuid: () => randomUUID(),
    newPassword: () => randomBytes(18).toString('base64url'),
    callbackRefusal: callbackRefusal([]),
    now,
    monotonic: now,
    randomBytes,
    log,
  });

  const token = async (client = CLIENT): Promise<string> => {
    const response = await fetch(`${api.url}/api/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return tokenAnswer.parse(await response.json()).access_token;
  };
  const goodToken = await token();

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const headers = new Headers(options.headers);
    if (options.token !== null) headers.set('authorization', `Bearer ${options.token ?? goodToken}`);
    let body: string | null = options.raw ?? null;
    if (options.json !== undefined) {
      body = JSON.stringify(options.json);
      headers.set('content-type', 'application/json');
    }
    const target = path.startsWith('/') ? path : applicationsPath(ACCOUNT, path);
    const response = await fetch(api.url + target, { method, headers, body });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
      text,
    };
  };

  return {
    url: api.url,
    store,
    directory,
    logs,
    advance: (milliseconds) => {
      shift += milliseconds;
    },
    token,
    call,
    async createApplication() {
      const answer = await call('POST', applicationsPath(ACCOUNT), {
        json: { applicationName: 'Mine', callInitiatedCallbackUrl: 'https://app.example/initiate' },
      });
      return answer.body.data.applicationId;
    },
    async stop() {
      await api.stop();
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}
