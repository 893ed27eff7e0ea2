import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { envelopeOf, envelopeSchema, failureEnvelope, refuse } from './envelope.ts';
import { refuseOtherMethods } from './other_methods.ts';

export interface HealthOptions {
  /** Rejects while the service cannot do its work. */
  readonly ready: () => Promise<void>;
  readonly newUuid: () => string;
}

const LIVE = '/health/live';
const READY = '/health/ready';
const status = envelopeSchema(z.object({ status: z.enum(['live', 'ready']) }));

/** `/health/live`: the process answers. `/health/ready`: the store answers too; 503 where it does not. */
export async function health(root: FastifyInstance, { ready, newUuid }: HealthOptions): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>();

  app.get(LIVE, { schema: { tags: ['Health'], response: { 200: status } } }, async (_request, reply) =>
    reply.code(200).send(envelopeOf({ status: 'live' as const })),
  );

  app.get(
    READY,
    { schema: { tags: ['Health'], response: { 200: status, 503: failureEnvelope } } },
    async (_request, reply) => {
      try {
        await ready();
      } catch {
        return refuse(reply, [{ kind: 'notReady', description: 'the store does not answer' }], newUuid);
      }
      return reply.code(200).send(envelopeOf({ status: 'ready' as const }));
    },
  );

  refuseOtherMethods(app, LIVE, ['GET'], [], newUuid);
  refuseOtherMethods(app, READY, ['GET'], [], newUuid);
}
