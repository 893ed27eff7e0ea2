import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default faultsOf('app.errors', [
  {
    id: 'any-content-type-read',
    sentence: 'The body of a PATCH is read as JSON, whatever its content type says.',
    collateral: { 'app.patch.media-types': 'where no type is refused none is named' },
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, headers }) => {
          if (method === 'PATCH') headers['content-type'] = 'application/json';
        });
      },
    })),
  },
  {
    id: 'body-unlimited',
    sentence: 'A body may be as large as it likes.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRoute', (route) => {
          route.bodyLimit = 1 << 30;
        });
      },
    })),
  },
  {
    id: 'content-type-400',
    sentence: 'A body of a wrong content type is refused with 400 instead of 415.',
    collateral: { 'app.patch.media-types': 'it is about the 415' },
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 415) void reply.code(400);
      return body;
    }),
  },
  {
    id: 'field-not-named',
    sentence: 'The refusal of a null does not say which field it is in.',
    override: answersRewritten(({ request, reply, body }) => {
      const sent: unknown = request.body;
      const hasNull = typeof sent === 'object' && sent !== null && Object.values(sent).includes(null);
      return reply.statusCode === 400 && hasNull
        ? changed(body, { errors: [{ type: 'field.invalid', description: 'a value is null' }] })
        : body;
    }),
  },
  {
    id: 'method-of-webhook-not-named',
    sentence: 'The refusal of a method that is none of GET and POST does not say which field it is in.',
    override: answersRewritten(({ request, reply, body }) => {
      const sent = JSON.stringify(request.body ?? '');
      return reply.statusCode === 400 && sent.includes('Method"')
        ? changed(body, { errors: [{ type: 'field.invalid', description: 'neither GET nor POST' }] })
        : body;
    }),
  },
  {
    id: 'odd-id-400',
    sentence: 'The id of an application that is no UUID is refused with 400 instead of 404.',
    override: answersRewritten(({ request, reply, body }) => {
      const [, id = ''] = /\/voice-applications\/([^/?]+)/.exec(request.url) ?? [];
      if (reply.statusCode === 404 && id !== '' && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id))
        void reply.code(400);
      return body;
    }),
  },
  {
    id: 'method-404',
    sentence: 'A method that is not allowed is refused with 404 instead of 405.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 405) void reply.code(404);
      return body;
    }),
  },
  {
    id: 'methods-not-told',
    sentence: 'The refusal of a method does not say which methods there are.',
    override: answersRewritten(({ reply, body }) => {
      void reply.removeHeader('allow');
      return body;
    }),
  },
  {
    id: 'unknown-application-403',
    sentence: 'A change of an application that does not exist is refused with 403 instead of 404.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method !== 'GET' && reply.statusCode === 404) void reply.code(403);
      return body;
    }),
  },
]);
