import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

const passwords = new Map<string, string>();

export default {
  id: 'password-in-list',
  rule: 'app.get.no-password',
  sentence: 'The list of applications shows their passwords.',
  override: {
    ...patchedOtherwise((outcome, { current }) => {
      if (outcome.next !== undefined && outcome.oneTimePassword !== undefined)
        passwords.set(current.applicationId, outcome.oneTimePassword);
      return outcome;
    }),
    ...answersRewritten(({ body }) => {
      if (typeof body !== 'object' || body === null || !('data' in body) || !Array.isArray(body.data))
        return body;
      const data = body.data.map((one: { applicationId: string }) =>
        changed(one, { sipAuthPassword: passwords.get(one.applicationId) }),
      );
      return changed(body, { data });
    }),
  },
} satisfies Fault;
