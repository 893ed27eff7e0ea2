import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const passwords = new Map<unknown, string>();

export default {
  id: 'password-in-get-after-rotation',
  rule: 'app.get.no-password',
  sentence: 'GET shows the password once it was rotated.',
  override: {
    ...patchedOtherwise((outcome, { current }) => {
      if (current.inbound?.credential && outcome.next !== undefined && outcome.oneTimePassword !== undefined)
        passwords.set(current.applicationId, outcome.oneTimePassword);
      return outcome;
    }),
    ...answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const sipAuthPassword = passwords.get(data?.['applicationId']);
      return request.method === 'GET' && sipAuthPassword !== undefined
        ? changed(body, { data: changed(data, { sipAuthPassword }) })
        : body;
    }),
  },
} satisfies Fault;
