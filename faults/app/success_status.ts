import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default faultsOf('app.success-status', [
  {
    id: 'created-answers-200',
    sentence: 'A new application is answered with 200 instead of 201.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 201) void reply.code(200);
      return body;
    }),
  },
  {
    id: 'deletion-answers-202',
    sentence: 'A deletion is answered with 202 instead of 204.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method === 'DELETE' && reply.statusCode === 204) void reply.code(202);
      return body;
    }),
  },
  {
    id: 'read-answers-203',
    sentence: 'Reading an application is answered with 203 instead of 200.',
    collateral: { 'oauth.token.client-credentials': 'it reads an application with the token' },
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method === 'GET' && reply.statusCode === 200) void reply.code(203);
      return body;
    }),
  },
]);
