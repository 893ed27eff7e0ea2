import { applicationPatchSchema } from '../../impl/api/application_schema.ts';
import type { Fault } from '../fault.ts';
import { bodiesRewritten } from '../requests.ts';

const NEVER_SET = ['applicationId', 'accountId', 'sipUri', 'sipAuthPassword', '__proto__'];

export default {
  id: 'unknown-field-ignored',
  rule: 'app.errors',
  sentence: 'A field that there is none of is passed over in a PATCH.',
  collateral: { 'app.patch.atomic': 'such a field is one reason to refuse a PATCH' },
  override: bodiesRewritten((body, { method }) => {
    if (method !== 'PATCH') return body;
    const known = new Set([...Object.keys(applicationPatchSchema.shape), ...NEVER_SET]);
    return Object.fromEntries(Object.entries(body).filter(([name]) => known.has(name)));
  }),
} satisfies Fault;
