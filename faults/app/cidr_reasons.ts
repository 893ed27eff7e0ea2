import type { FieldError } from '../../impl/api/field_error.ts';
import type { Parts } from '../../impl/system.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';

/** What app.cidr.rejected asks for. */
const DOCUMENTED = /not public|host bits|IPv6/;

export default faultsOf('app.cidr.reasons', [
  {
    id: 'cidr-forms-refused-alike',
    sentence: 'An entry that is no prefix is refused in the same words whatever is wrong with it.',
    override: reasonOtherwise(({ field, reason }) =>
      field.startsWith('allowedSourceIps[') && !DOCUMENTED.test(reason)
        ? 'is not a canonical prefix'
        : reason,
    ),
  },
  {
    id: 'cidr-limit-unsaid',
    sentence: 'A list of sources that is too long is refused without saying how long it may be.',
    override: reasonOtherwise(({ field, reason }) =>
      field === 'allowedSourceIps' && /at most/.test(reason) ? 'has too many entries' : reason,
    ),
  },
  {
    id: 'cidr-range-unnamed',
    sentence:
      'The refusal of a prefix that is not public does not name the range that it is in, or overlaps.',
    override: reasonOtherwise(({ reason }) => reason.replace(/: it shares addresses with \S+/, ':')),
  },
]);

/** The API that says otherwise why a field is refused. */
function reasonOtherwise(change: (error: FieldError) => string): Partial<Parts> {
  return patchedOtherwise((outcome) =>
    outcome.next === undefined
      ? { errors: outcome.errors.map((error) => ({ ...error, reason: change(error) })) }
      : outcome,
  );
}
