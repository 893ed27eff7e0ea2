import { basicCredentials } from '../../impl/api/basic_credentials.ts';
import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken } from '../requests.ts';

const unknown = new Set<string>();

export default {
  id: 'unknown-client-told',
  rule: 'oauth.token.invalid-client',
  sentence: 'The refusal of a client says whether it was the id that is unknown or the secret that is wrong.',
  override: {
    ...storeWith(({ clients }) => ({
      clients: {
        ...clients,
        async get(clientId) {
          const client = await clients.get(clientId);
          if (client === undefined) unknown.add(clientId);
          else unknown.delete(clientId);
          return client;
        },
      },
    })),
    ...answersRewritten(({ request, reply, body }) => {
      if (!asksForToken(request) || reply.statusCode !== 401) return body;
      const clientId = basicCredentials(request.headers.authorization)?.user ?? '';
      const error_description = unknown.has(clientId) ? 'there is no such client' : 'the secret is wrong';
      return changed(body, { error_description });
    }),
  },
} satisfies Fault;
