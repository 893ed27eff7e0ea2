import type { FastifyRequest } from 'fastify';

import { applyPatch } from '../../impl/api/application_patch.ts';
import type { FieldError } from '../../impl/api/field_error.ts';
import { PATCH_CHECKS, type PatchCheck } from '../../impl/api/patch_checks.ts';
import type { Parts } from '../../impl/system.ts';
import { apiOptions } from '../fault.ts';
import { isObject } from '../http.ts';
import { namedIn } from '../requests.ts';
import type { LookedAt, SentPatch } from './patch_conditions.ts';

type Body = SentPatch['body'];

/** What becomes of a PATCH where something is not looked at. */
export interface PatchHole {
  /** The fields that it is about. */
  readonly fields: readonly string[];
  /** The checks that are left out. */
  readonly checks?: readonly string[];
  /** The body without what nobody looks at. `isOpen` says so of the fields, or of an entry of their list. */
  readonly without?: (body: Body, isOpen: (index?: number) => boolean, fields: readonly string[]) => Body;
}

/** The management API that does not look there where `holds` says so. */
export function patchHole(
  { fields, checks = [], without }: PatchHole,
  holds: (sent: SentPatch, lookedAt: LookedAt) => boolean,
): Partial<Parts> {
  const asRead = new WeakMap<object, SentPatch>();
  const isOpen = (sent: SentPatch, index?: number): boolean => holds(sent, { fields, index });
  return {
    ...apiOptions(({ applications }) => {
      const history = new PatchHistory();
      const sentBy = new WeakMap<FastifyRequest, SentPatch>();
      return {
        hook(app) {
          app.addHook('preValidation', async (request) => {
            const { body } = request;
            const { accountId, applicationId } = namedIn(request);
            if (request.method !== 'PATCH' || !isObject(body)) return;
            const current = await applications.get(accountId, applicationId);
            if (current === undefined) return;
            const sent = history.noted({ current, body, mediaType: request.headers['content-type'] ?? '' });
            sentBy.set(request, sent);
            if (without !== undefined) request.body = without(body, (index) => isOpen(sent, index), fields);
          });
          app.addHook('preHandler', async (request) => {
            const sent = sentBy.get(request);
            if (sent !== undefined && isObject(request.body)) asRead.set(request.body, sent);
          });
        },
      };
    }),
    applyPatch(current, patch, context) {
      const sent = asRead.get(patch);
      const left = (check: PatchCheck): PatchCheck =>
        sent !== undefined && checks.includes(check.name)
          ? {
              ...check,
              errors: (asked) => check.errors(asked).filter((error) => !isOpen(sent, indexIn(error))),
            }
          : check;
      return applyPatch(current, patch, context, PATCH_CHECKS.map(left));
    },
  };
}

function indexIn({ field }: FieldError): number | undefined {
  const [, index] = /\[(\d+)\]$/.exec(field) ?? [];
  return index === undefined ? undefined : Number(index);
}

/** What applications were sent before. */
class PatchHistory {
  readonly #bodies = new Map<string, unknown[]>();
  readonly #wereOn = new Set<string>();
  readonly #receivers = new Map<string, Set<string>>();

  /** The PATCH with what came before it, which from now on it belongs to. */
  noted(sent: Pick<SentPatch, 'current' | 'body' | 'mediaType'>): SentPatch {
    const { applicationId, inbound } = sent.current;
    const bodies = this.#bodies.get(applicationId) ?? [];
    const text = JSON.stringify(sent.body);
    const receivers = this.#receivers.get(text) ?? new Set();
    const isSentElsewhere = [...receivers].some((receiver) => receiver !== applicationId);
    const wasOnBefore = this.#wereOn.has(applicationId);
    const earlier = [...bodies];
    this.#bodies.set(applicationId, [...bodies, sent.body]);
    this.#receivers.set(text, receivers.add(applicationId));
    if (inbound !== null) this.#wereOn.add(applicationId);
    return { ...sent, wasOnBefore, earlier, isSentElsewhere };
  }
}
