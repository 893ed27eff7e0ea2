import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const passwords = new Map<unknown, string>();

export default {
  id: 'password-in-get-under-another-name',
  rule: 'app.get.no-password',
  sentence: 'GET shows the password as a member of another name.',
  override: {
    ...patchedOtherwise((outcome, { current }) => {
      if (outcome.next !== undefined && outcome.oneTimePassword !== undefined)
        passwords.set(current.applicationId, outcome.oneTimePassword);
      return outcome;
    }),
    ...answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const password = passwords.get(data?.['applicationId']);
      return request.method === 'GET' && password !== undefined
        ? changed(body, { data: changed(data, { password }) })
        : body;
    }),
  },
} satisfies Fault;
