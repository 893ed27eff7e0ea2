import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default faultsOf('oauth.bearer.challenge', [
  {
    id: 'foreign-account-without-challenge',
    sentence: 'The refusal of a token for another account has no WWW-Authenticate header.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 403) void reply.removeHeader('www-authenticate');
      return body;
    }),
  },
  {
    id: 'foreign-account-is-an-invalid-token',
    sentence: 'The refusal of a token for another account says that the token is not valid.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 403) void reply.header('www-authenticate', 'Bearer error="invalid_token"');
      return body;
    }),
  },
]);
