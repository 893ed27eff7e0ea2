import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'cidr-refusal-without-entry',
  rule: 'app.cidr.malformed',
  sentence: 'The refusal of a source address is about the list and does not say which entry it is.',
  collateral: {
    'app.cidr.rejected': 'there too the entry is to be named',
    'app.errors': 'there too the entry is to be named',
  },
  override: patchedOtherwise((outcome) =>
    outcome.next === undefined
      ? {
          errors: outcome.errors.map((error) =>
            error.field.startsWith('allowedSourceIps[')
              ? { field: 'allowedSourceIps', reason: error.reason.replace(/at index \d+/, 'before') }
              : error,
          ),
        }
      : outcome,
  ),
} satisfies Fault;
