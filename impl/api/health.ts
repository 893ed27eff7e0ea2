import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { envelopeOf, envelopeSchema, failureEnvelope, refuse } from './envelope.ts';
import { answerOtherMethods } from './other_methods.ts';

/** What {@link health} needs. */
export interface HealthOptions {
  /** Why the service is not ready, as a sentence; undefined if it is ready. */
  readonly notReady: () => Promise<string | undefined>;
  readonly newUuid: () => string;
}

/** Path of liveness. */
export const LIVE = '/health/live';
/** Path of readiness. */
export const READY = '/health/ready';
const status = envelopeSchema(z.object({ status: z.enum(['live', 'ready']) }));

/**
 * `/health/live`: the process answers. `/health/ready`: the service can do its work; 503 while the store or the
 * signaling edge does not answer, and once the service is told to stop.
 */
export async function health(root: FastifyInstance, { notReady, newUuid }: HealthOptions): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>();

  app.get(LIVE, { schema: { tags: ['Health'], response: { 200: status } } }, async (_request, reply) =>
    reply.code(200).send(envelopeOf({ status: 'live' as const })),
  );

  app.get(
    READY,
    { schema: { tags: ['Health'], response: { 200: status, 503: failureEnvelope } } },
    async (_request, reply) => {
      const description = await notReady();
      if (description !== undefined) return refuse(reply, [{ kind: 'notReady', description }], newUuid);
      return reply.code(200).send(envelopeOf({ status: 'ready' as const }));
    },
  );

  answerOtherMethods(app, { url: LIVE, methods: ['GET'] }, newUuid);
  answerOtherMethods(app, { url: READY, methods: ['GET'] }, newUuid);
}
