import { applicationPatchSchema } from '../../impl/api/application_schema.ts';
import { refuse } from '../../impl/api/envelope.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { bodiesRewritten } from '../requests.ts';

/** Fields that a client must not send. */
const NEVER_SET = ['applicationId', 'accountId', 'sipUri', 'sipAuthPassword', '__proto__'];

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
    id: 'body-before-application',
    sentence: 'The body of a PATCH is looked at before the application.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRoute', (route) => {
          if (route.method !== 'PATCH' || !Array.isArray(route.onRequest)) return;
          const [authorized, existing] = route.onRequest;
          if (authorized === undefined || existing === undefined) return;
          route.onRequest = [authorized];
          route.preHandler = [existing];
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
    id: 'content-type-first',
    sentence: 'The content type is looked at before the token and the application.',
    override: apiOptions(({ newUuid }) => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, headers }, reply) => {
          const type = headers['content-type'] ?? 'application/json';
          if (['POST', 'DELETE'].includes(method) || /^application\/(merge-patch\+)?json/.test(type))
            return undefined;
          const description = 'send a body of type application/json';
          return refuse(reply, [{ kind: 'unsupportedMediaType', description }], newUuid);
        });
      },
    })),
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
    id: 'method-404',
    sentence: 'A method that is not allowed is refused with 404 instead of 405.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 405) void reply.code(404);
      return body;
    }),
  },
  {
    id: 'method-first',
    sentence: 'The method is looked at before the token and the application.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRoute', (route) => {
          const isRefusal = [route.method].flat().includes('PUT');
          if (isRefusal && Array.isArray(route.onRequest)) route.onRequest = route.onRequest.toReversed();
        });
      },
    })),
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
    id: 'read-only-field-ignored',
    sentence: 'A PATCH may hold a password or SIP URI: both are ignored.',
    override: bodiesRewritten((body, { method }) => {
      if (method !== 'PATCH') return body;
      const { sipUri: _uri, sipAuthPassword: _password, ...rest } = body;
      return rest;
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
  {
    id: 'unknown-field-ignored',
    sentence: 'A PATCH may hold an unknown field: it is ignored.',
    collateral: { 'app.patch.atomic': 'such a field is one reason to refuse a PATCH' },
    override: bodiesRewritten((body, { method }) => {
      if (method !== 'PATCH') return body;
      const known = new Set([...Object.keys(applicationPatchSchema.shape), ...NEVER_SET]);
      return Object.fromEntries(Object.entries(body).filter(([name]) => known.has(name)));
    }),
  },
]);
