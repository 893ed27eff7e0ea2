import type { Parts } from '../impl/system.ts';
import { patchedOtherwise } from './fault.ts';
import { answersRewritten, changed, dataIn } from './http.ts';

/** The API that keeps the password it made last, and whose GET shows it as a member of this name. */
export function passwordShownAs(member: string): Partial<Parts> {
  const passwords = new Map<unknown, string>();
  return {
    ...patchedOtherwise((outcome, { current }) => {
      if (outcome.next !== undefined && outcome.oneTimePassword !== undefined)
        passwords.set(current.applicationId, outcome.oneTimePassword);
      return outcome;
    }),
    ...answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const password = passwords.get(data?.['applicationId']);
      return request.method === 'GET' && password !== undefined
        ? changed(body, { data: changed(data, { [member]: password }) })
        : body;
    }),
  };
}
