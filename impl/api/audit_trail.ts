import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { AUDIT_ACTIONS, type AuditEntry } from '../store/model/audit.ts';
import type { ApplicationRepository, AuditRepository } from '../store/store.ts';
import type { AccessTokens } from './access_token.ts';
import { accountParams, bearerAuthorization } from './bearer_authorization.ts';
import { failureEnvelope, pageEnvelopeSchema, refuse } from './envelope.ts';
import { answerOtherMethods } from './other_methods.ts';
import { pageBody, pageQuerySchema } from './page.ts';

/** What {@link auditTrail} needs. */
export interface AuditTrailOptions {
  readonly audit: AuditRepository;
  readonly applications: ApplicationRepository;
  readonly tokens: AccessTokens;
  readonly newUuid: () => string;
}

const PATH = '/v2/accounts/:accountId/voice-applications/:applicationId/audit';
const params = accountParams.extend({ applicationId: z.string() });

const entrySchema = z.object({
  time: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  fields: z.array(z.string()).describe('The fields that changed, by name; values are not kept.'),
  clientId: z.string().describe('The OAuth client that asked for it.'),
  requestId: z.string().describe('As in the log.'),
  sourceAddress: z.string(),
});

/** Serves the changes of an application, even a deleted one: what, by whom, when. Register it encapsulated. */
export async function auditTrail(root: FastifyInstance, options: AuditTrailOptions): Promise<void> {
  const { audit, applications, tokens, newUuid } = options;
  const app = root.withTypeProvider<ZodTypeProvider>();
  const authorized = bearerAuthorization(tokens, newUuid);

  app.get(
    PATH,
    {
      onRequest: authorized,
      schema: {
        tags: ['Voice applications'],
        security: [{ bearer: [] }],
        summary: 'List the changes of a voice application, the newest first',
        params,
        querystring: pageQuerySchema,
        response: { 200: pageEnvelopeSchema(entrySchema), '4xx': failureEnvelope },
      },
    },
    async (request, reply) => {
      const { accountId, applicationId } = request.params;
      const { page, size } = request.query;
      const { items, total } = await audit.list(accountId, {
        applicationId,
        offset: (page - 1) * size,
        limit: size,
      });
      if (total === 0 && (await applications.get(accountId, applicationId)) === undefined) {
        const description = 'the account never had a voice application of this id, or its trail has ended';
        return refuse(reply, [{ kind: 'notFound', description }], newUuid);
      }
      const path = `/v2/accounts/${encodeURIComponent(accountId)}/voice-applications/${encodeURIComponent(applicationId)}/audit`;
      return reply.code(200).send(pageBody({ path, page, size, total, items: items.map(entryView) }));
    },
  );
  answerOtherMethods(app, { url: PATH, methods: ['GET'], before: [authorized] }, newUuid);
}

function entryView({ at, action, fields, author }: AuditEntry): z.infer<typeof entrySchema> {
  return { time: new Date(at).toISOString(), action, fields: [...fields], ...author };
}
