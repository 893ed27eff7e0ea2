import type { Parts } from '../../impl/system.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

/** The passwords that were made last, by applicationId. */
const passwords = new Map<unknown, string>();

export default faultsOf('app.get.no-password', [
  {
    id: 'password-in-get-after-enabling',
    sentence: 'GET shows the password that the last PATCH made.',
    override: passwordShownAs('sipAuthPassword'),
  },
  {
    id: 'password-in-get-after-rotation',
    sentence: 'GET shows the password once it was rotated.',
    override: {
      ...patchedOtherwise((outcome, { current }) => {
        if (
          current.inbound?.credential &&
          outcome.next !== undefined &&
          outcome.oneTimePassword !== undefined
        )
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
  },
  {
    id: 'password-in-get-under-another-name',
    sentence: 'GET shows the password as a member of another name.',
    override: passwordShownAs('password'),
  },
  {
    id: 'password-in-list',
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
  },
]);

/** The API that keeps the last password it made; GET shows it as a member of this name. */
function passwordShownAs(member: string): Partial<Parts> {
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
