import type { FieldError } from '../../impl/api/field_error.ts';
import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'first-bad-source-only',
  rule: 'app.cidr.malformed',
  sentence: 'Where several source addresses are wrong only the first of them is named.',
  override: patchedOtherwise((outcome) => {
    if (outcome.next !== undefined) return outcome;
    const first = outcome.errors.find(isAboutSource);
    return { errors: outcome.errors.filter((error) => error === first || !isAboutSource(error)) };
  }),
} satisfies Fault;

function isAboutSource({ field }: FieldError): boolean {
  return field.startsWith('allowedSourceIps[');
}
