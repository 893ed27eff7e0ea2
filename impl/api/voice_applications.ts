import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import type { VoiceApplication } from '../store/model/voice_application.ts';
import type { ApplicationRepository } from '../store/store.ts';
import type { AccessTokens } from './access_token.ts';
import type { applyPatch, PatchContext } from './application_patch.ts';
import {
  applicationPatchSchema,
  applicationSchema,
  applicationView,
  newApplicationSchema,
  patchedApplicationSchema,
} from './application_schema.ts';
import { accountParams, bearerAuthorization } from './bearer_authorization.ts';
import { callbackErrors } from './callback_url.ts';
import { envelopeOf, envelopeSchema, failureEnvelope, pageEnvelopeSchema, refuse } from './envelope.ts';
import type { FieldError } from './field_error.ts';
import { ACCEPT_PATCH, acceptMergePatch, PATCH_TYPES } from './json_body.ts';
import { answerOtherMethods } from './other_methods.ts';
import { pageBody, pageQuerySchema } from './page.ts';
import { authorOf } from './request_client.ts';

/** What {@link voiceApplications} needs. */
export interface VoiceApplicationOptions extends PatchContext {
  readonly applications: ApplicationRepository;
  readonly tokens: AccessTokens;
  readonly applyPatch: typeof applyPatch;
}

const COLLECTION = '/v2/accounts/:accountId/voice-applications';
const ITEM = `${COLLECTION}/:applicationId`;
const DOCUMENTED = { tags: ['Voice applications'], security: [{ bearer: [] }] };
const applicationParams = accountParams.extend({ applicationId: z.string() });
/** Does not repeat the id that was asked for: a secret may have been put there by mistake (rule hard.secrets.leak). */
const NOT_FOUND = 'the account has no voice application of this id';

/** Voice application management (rules app.*). Register it encapsulated. */
export async function voiceApplications(
  app: FastifyInstance,
  options: VoiceApplicationOptions,
): Promise<void> {
  const authorized = bearerAuthorization(options.tokens, options.newUuid);
  collectionRoutes(app, options, authorized);
  itemRoutes(app, options, authorized);
}

type Authorized = ReturnType<typeof bearerAuthorization>;

function collectionRoutes(
  root: FastifyInstance,
  options: VoiceApplicationOptions,
  authorized: Authorized,
): void {
  const app = root.withTypeProvider<ZodTypeProvider>();
  const { applications, domain, newUuid } = options;
  const view = (application: VoiceApplication) => applicationView(application, domain);

  app.post(
    COLLECTION,
    {
      onRequest: authorized,
      schema: {
        ...DOCUMENTED,
        summary: 'Create a voice application',
        params: accountParams,
        body: newApplicationSchema,
        response: { 201: envelopeSchema(applicationSchema), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { accountId } = request.params;
      const errors = callbackErrors(request.body, options.callbackRefusal);
      if (errors.length > 0) return refuseFields(reply, errors, newUuid);
      const application = { applicationId: newUuid(), accountId, profile: request.body, inbound: null };
      await applications.create(application, authorOf(request));
      void reply.header(
        'location',
        `/v2/accounts/${encodeURIComponent(accountId)}/voice-applications/${application.applicationId}`,
      );
      return reply.code(201).send(envelopeOf(view(application)));
    },
  );

  app.get(
    COLLECTION,
    {
      onRequest: authorized,
      schema: {
        ...DOCUMENTED,
        summary: 'List the voice applications of an account',
        params: accountParams,
        querystring: pageQuerySchema,
        response: { 200: pageEnvelopeSchema(applicationSchema), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { page, size } = request.query;
      const { accountId } = request.params;
      const { items, total } = await applications.list(accountId, (page - 1) * size, size);
      const path = `/v2/accounts/${encodeURIComponent(accountId)}/voice-applications`;
      return reply.code(200).send(pageBody({ path, page, size, total, items: items.map(view) }));
    },
  );

  answerOtherMethods(app, { url: COLLECTION, methods: ['GET', 'POST'], before: [authorized] }, newUuid);
}

function itemRoutes(root: FastifyInstance, options: VoiceApplicationOptions, authorized: Authorized): void {
  const app = root.withTypeProvider<ZodTypeProvider>();
  const { applications, domain, newUuid } = options;
  const view = (application: VoiceApplication) => applicationView(application, domain);
  const missing = (reply: FastifyReply) =>
    refuse(reply, [{ kind: 'notFound', description: NOT_FOUND }], newUuid);
  /** For calls with a body: an unknown application is answered before the body is read. */
  const existing = async (request: FastifyRequest, reply: FastifyReply) => {
    const params = applicationParams.parse(request.params);
    const found = await applications.get(params.accountId, params.applicationId);
    return found === undefined ? missing(reply) : undefined;
  };

  app.get(
    ITEM,
    {
      onRequest: authorized,
      schema: {
        ...DOCUMENTED,
        summary: 'Get a voice application',
        params: applicationParams,
        response: { 200: envelopeSchema(applicationSchema), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { accountId, applicationId } = request.params;
      const application = await applications.get(accountId, applicationId);
      if (application === undefined) return missing(reply);
      return reply.code(200).send(envelopeOf(view(application)));
    },
  );

  void root.register(async (scope) => {
    acceptMergePatch(scope);
    patchRoute(scope, options, { before: [authorized, existing], missing });
  });

  app.delete(
    ITEM,
    {
      onRequest: [authorized, existing],
      schema: {
        ...DOCUMENTED,
        summary: 'Delete a voice application',
        params: applicationParams,
        response: { 204: z.undefined().describe('Deleted.'), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { accountId, applicationId } = request.params;
      const deleted = await applications.delete(accountId, applicationId, authorOf(request));
      return deleted ? reply.code(204).send() : missing(reply);
    },
  );

  const told = { 'accept-patch': ACCEPT_PATCH };
  const before = [authorized, existing];
  answerOtherMethods(app, { url: ITEM, methods: ['GET', 'PATCH', 'DELETE'], before, told }, newUuid);
}

/** What comes before a PATCH, and the answer where there is no application to change. */
interface PatchSurroundings {
  readonly before: readonly onRequestAsyncHookHandler[];
  readonly missing: (reply: FastifyReply) => FastifyReply;
}

function patchRoute(
  root: FastifyInstance,
  options: VoiceApplicationOptions,
  { before, missing }: PatchSurroundings,
): void {
  const app = root.withTypeProvider<ZodTypeProvider>();
  const { applications, domain, newUuid } = options;

  app.patch(
    ITEM,
    {
      onRequest: [...before],
      schema: {
        ...DOCUMENTED,
        summary: 'Change a voice application',
        description: 'Changes what is sent and nothing else; a refused change changes nothing.',
        consumes: [...PATCH_TYPES],
        params: applicationParams,
        body: applicationPatchSchema,
        response: { 200: envelopeSchema(patchedApplicationSchema), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { accountId, applicationId } = request.params;
      const outcome = await applications.update(
        accountId,
        applicationId,
        (current) => options.applyPatch(current, request.body, options),
        authorOf(request),
      );
      if (outcome === undefined) return missing(reply);
      if (outcome.next === undefined) return refuseFields(reply, outcome.errors, newUuid);
      const { next, oneTimePassword } = outcome;
      const data = oneTimePassword === undefined ? {} : { sipAuthPassword: oneTimePassword };
      // Only this answer carries the password, so no cache may keep it.
      void reply.header('cache-control', 'no-store');
      return reply.code(200).send(envelopeOf({ ...applicationView(next, domain), ...data }));
    },
  );
}

function refuseFields(
  reply: FastifyReply,
  errors: readonly FieldError[],
  newUuid: () => string,
): FastifyReply {
  const [first, ...others] = errors.map(({ field, reason }) => ({
    kind: 'invalidField' as const,
    description: `${field}: ${reason}`,
    source: { field },
  }));
  if (first === undefined) throw new Error('a patch was refused without an error');
  return refuse(reply, [first, ...others], newUuid);
}
