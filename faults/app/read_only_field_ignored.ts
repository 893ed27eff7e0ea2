import type { Fault } from '../fault.ts';
import { bodiesRewritten } from '../requests.ts';

export default {
  id: 'read-only-field-ignored',
  rule: 'app.errors',
  sentence: 'A password or SIP URI of the client is passed over in a PATCH.',
  override: bodiesRewritten((body, { method }) => {
    if (method !== 'PATCH') return body;
    const { sipUri: _uri, sipAuthPassword: _password, ...rest } = body;
    return rest;
  }),
} satisfies Fault;
