import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const passwords = new Map<string, string>();

export default {
  id: 'password-in-get-after-enabling',
  rule: 'app.get.no-password',
  sentence: 'GET shows the password that the last PATCH made.',
  override: {
    ...patchedOtherwise((outcome, { current }) => {
      if (outcome.next !== undefined && outcome.oneTimePassword !== undefined)
        passwords.set(current.applicationId, outcome.oneTimePassword);
      return outcome;
    }),
    ...answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const sipAuthPassword = passwords.get(String(data?.['applicationId']));
      if (request.method !== 'GET' || sipAuthPassword === undefined) return body;
      return changed(body, { data: changed(data, { sipAuthPassword }) });
    }),
  },
} satisfies Fault;
