import { applicationPatchSchema } from '../../impl/api/application_schema.ts';
import { faultsOf } from '../fault.ts';
import { bodiesRewritten } from '../requests.ts';

/** Fields that a client must not send. */
const NEVER_SET = ['applicationId', 'accountId', 'sipUri', 'sipAuthPassword', '__proto__'];

export default faultsOf('app.unknown-fields', [
  {
    id: 'read-only-field-ignored',
    sentence: 'A PATCH may hold a password or SIP URI: both are ignored.',
    override: bodiesRewritten((body, { method }) => {
      if (method !== 'PATCH') return body;
      const { sipUri: _uri, sipAuthPassword: _password, ...rest } = body;
      return rest;
    }),
  },
  {
    id: 'unknown-field-ignored',
    sentence: 'A PATCH may hold an unknown field: it is ignored.',
    override: bodiesRewritten((body, { method }) => {
      if (method !== 'PATCH') return body;
      const known = new Set([...Object.keys(applicationPatchSchema.shape), ...NEVER_SET]);
      return Object.fromEntries(Object.entries(body).filter(([name]) => known.has(name)));
    }),
  },
]);
