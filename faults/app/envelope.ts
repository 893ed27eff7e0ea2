import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default faultsOf('app.envelope', [
  {
    id: 'application-in-a-list',
    sentence: 'Every answer about one application has it in a list.',
    override: answersRewritten(({ body }) => {
      const data = dataIn(body);
      return data === undefined ? body : changed(body, { data: [data] });
    }),
  },
  {
    id: 'created-without-links',
    sentence: 'The answer with a new application has no links.',
    override: answersRewritten(({ reply, body }) =>
      reply.statusCode === 201 ? changed(body, { links: undefined }) : body,
    ),
  },
  {
    id: 'deletion-answers-ok',
    sentence: 'A deletion is answered with a body that is no envelope.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method !== 'DELETE' || reply.statusCode !== 204) return body;
      void reply.code(200).type('application/json');
      return { ok: true };
    }),
  },
  {
    id: 'error-without-description',
    sentence: 'The error of a reading without a token has a type and no description.',
    override: answersRewritten(({ request, reply, body }) =>
      request.method === 'GET' && reply.statusCode === 401
        ? changed(body, { errors: [{ type: 'authentication.required' }] })
        : body,
    ),
  },
  {
    id: 'links-always-null',
    sentence: 'Every answer has null for links.',
    override: answersRewritten(({ body }) => changed(body, { links: null })),
  },
  {
    id: 'list-without-envelope',
    sentence: 'A list of applications comes as it is, without an envelope.',
    override: answersRewritten(({ request, body }) => {
      const isList = request.method === 'GET' && request.url.endsWith('/voice-applications');
      return isList && typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
    }),
  },
  {
    id: 'not-found-without-errors',
    sentence: 'Reading an application that does not exist gives a body without the list of errors.',
    override: answersRewritten(({ request, reply, body }) =>
      request.method === 'GET' && reply.statusCode === 404 ? changed(body, { errors: undefined }) : body,
    ),
  },
  {
    id: 'refusal-with-data',
    sentence: 'Where a reading is refused data is an empty object instead of null.',
    override: answersRewritten(({ request, reply, body }) =>
      request.method === 'GET' && reply.statusCode >= 400 ? changed(body, { data: {} }) : body,
    ),
  },
]);
