import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'cidr-refusal-without-reason',
  rule: 'app.cidr.rejected',
  sentence: 'The refusal of a source address says that it is not valid, and not why.',
  override: patchedOtherwise((outcome) =>
    outcome.next === undefined
      ? {
          errors: outcome.errors.map((error) =>
            error.field.startsWith('allowedSourceIps[') ? { ...error, reason: 'is not valid' } : error,
          ),
        }
      : outcome,
  ),
} satisfies Fault;
