import { isIPv6 } from 'node:net';

import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

import type { Log } from '../observe/log.ts';
import type { ServiceMetrics } from '../observe/service_metrics.ts';
import type {
  ApplicationRepository,
  AuditRepository,
  ClientRepository,
  TokenKeyRepository,
} from '../store/store.ts';
import { StoreUnavailable } from '../store/store_unavailable.ts';
import { accessTokens as realAccessTokens } from './access_token.ts';
import type { applyPatch, PatchContext } from './application_patch.ts';
import { auditTrail } from './audit_trail.ts';
import { refuse } from './envelope.ts';
import { health } from './health.ts';
import { acceptOnlyJson } from './json_body.ts';
import { apiMetrics } from './metrics.ts';
import { metricsEndpoint } from './metrics_endpoint.ts';
import { openapi } from './openapi.ts';
import { routeAllMethods } from './other_methods.ts';
import { refuseOddRequests, refuseUnparsable } from './refusal_on_socket.ts';
import { requestFailures } from './request_failure.ts';
import { logRequests } from './request_log.ts';
import { tokenEndpoint } from './token_endpoint.ts';
import { voiceApplications } from './voice_applications.ts';

/** What {@link startApi} needs. */
export interface ApiOptions extends PatchContext {
  /** Port 0 lets the kernel choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /** IP addresses and prefixes of proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  readonly applications: ApplicationRepository;
  readonly clients: ClientRepository;
  readonly audit: AuditRepository;
  /** Why the service is not ready; undefined if it is ready. */
  readonly notReady: () => Promise<string | undefined>;
  readonly metrics: ServiceMetrics;
  /** Whether the API serves `/metrics`; otherwise a separate listener does. */
  readonly servesMetrics: boolean;
  readonly applyPatch: typeof applyPatch;
  readonly token: { readonly keys: TokenKeyRepository; readonly lifetimeSeconds: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody can set. */
  readonly monotonic: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
  /** Issues and reads tokens; the real one by default. */
  readonly accessTokens?: typeof realAccessTokens;
  /** Called with the server before it has routes, to add hooks that see every request. */
  readonly hook?: (app: FastifyInstance) => void;
}

/** A running management API. */
export interface Api {
  /** Base URL without a trailing slash: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Waits for calls in progress, then closes. */
  stop(): Promise<void>;
}

/** Largest request body, in bytes. */
export const BODY_LIMIT = 65_536;
/** A request must be complete by then, so that slow ones cannot hold connections. */
const REQUEST_TIMEOUT_MS = 30_000;

/** When a client may try again: a lock is given back soon, a disk is mended by a person. */
const RETRY_SECONDS = {
  STORE_LOCKED: 1,
  STORE_FULL: 60,
  STORE_UNWRITABLE: 60,
  STORE_UNREADABLE: 60,
} as const;

/** Starts the management API. Rejects with node's error if it cannot bind the address. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { newUuid, listen } = options;
  const counted = apiMetrics(options.metrics.registry);
  /** Hooks do not see input that never becomes a request. */
  const tellOfUnparsable = (code: string | undefined, source: string | undefined): void => {
    options.log({ level: 'info', event: 'api.unparsable', code, source });
    counted.unparsable();
  };
  const refusals = { newUuid, onRefused: tellOfUnparsable };
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustedProxies.length > 0 && [...options.trustedProxies],
    genReqId: () => newUuid(),
    clientErrorHandler: (error, socket) => refuseUnparsable(error, socket, refusals),
    frameworkErrors: (error, request, reply) => {
      tellOfUnparsable(error.code, request.ip);
      const description = 'the request target is malformed';
      void refuse(reply, [{ kind: 'malformed', description }], newUuid);
    },
  });
  refuseOddRequests(app.server, refusals);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptOnlyJson(app);
  answerFailures(app, options);
  logRequests(app, options.log);
  app.addHook('onResponse', async (request, reply) => counted.answered(request, reply));
  routeAllMethods(app);
  options.hook?.(app);

  const { clients, now, randomBytes, accessTokens = realAccessTokens } = options;
  const tokens = accessTokens({ ...options.token, clients, now, newUuid, randomBytes });
  await openapi(app);
  await app.register(health, { notReady: options.notReady, newUuid });
  await app.register(tokenEndpoint, {
    clients,
    tokens,
    newUuid,
    now: options.monotonic,
    randomBytes,
  });
  await app.register(voiceApplications, {
    applications: options.applications,
    tokens,
    applyPatch: options.applyPatch,
    newUuid,
    newPassword: options.newPassword,
    callbackRefusal: options.callbackRefusal,
    domain: options.domain,
    regions: options.regions,
  });
  const { applications, audit, metrics } = options;
  await app.register(auditTrail, { audit, applications, tokens, newUuid });
  if (options.servesMetrics) await app.register(metricsEndpoint, { metrics, newUuid });
  await app.listen({ host: listen.host, port: listen.port });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  const host = isIPv6(listen.host) ? `[${listen.host}]` : listen.host;
  return { url: `http://${host}:${port}`, stop: () => app.close() };
}

function answerFailures(app: FastifyInstance, { newUuid, log }: ApiOptions): void {
  app.setNotFoundHandler((_request, reply) =>
    refuse(reply, [{ kind: 'notFound', description: 'there is no such resource' }], newUuid),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failures = requestFailures(error, BODY_LIMIT);
    if (failures !== undefined) return refuse(reply, failures, newUuid);
    if (error instanceof StoreUnavailable) {
      const { code, message: description } = error;
      log({ level: 'warn', event: 'api.store-unavailable', request: request.id, code, problem: description });
      void reply.header('retry-after', String(RETRY_SECONDS[code]));
      return refuse(reply, [{ kind: 'storeUnavailable', description }], newUuid);
    }
    log({ level: 'error', event: 'api.failure', request: request.id, error: error.stack ?? String(error) });
    const description = `the service failed on request ${request.id}`;
    return refuse(reply, [{ kind: 'internal', description }], newUuid);
  });
}
