import { basicCredentials } from '../../impl/api/basic_credentials.ts';
import { storedClientSecret } from '../../impl/store/model/secret_hash.ts';
import { faultsOf, storeWith } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken } from '../requests.ts';

/** Client ids that were sent but do not exist. */
const unknownClients = new Set<string>();

export default faultsOf('oauth.token.invalid-client', [
  {
    id: 'empty-secret-accepted',
    sentence: 'An empty secret is as good as the right one.',
    override: storeWith(({ clients }) => {
      const owners = new Map<string, string>();
      return {
        clients: {
          ...clients,
          async get(clientId) {
            const client = await clients.get(clientId);
            if (client === undefined) return undefined;
            const empty = await storedClientSecret('', (size) => Buffer.alloc(size));
            owners.set(empty.secretId, clientId);
            const secrets = [...client.secrets, { ...empty, createdAt: 0, validUntil: undefined }];
            return { ...client, secrets };
          },
          ofSecret: (secretId) => {
            const owner = owners.get(secretId);
            return owner === undefined ? clients.ofSecret(secretId) : clients.get(owner);
          },
        },
      };
    }),
  },
  {
    id: 'invalid-client-400',
    sentence: 'A client with a wrong id or secret is refused with 400 instead of 401.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode === 401) void reply.code(400);
      return body;
    }),
  },
  {
    id: 'invalid-client-without-challenge',
    sentence: 'The refusal of a client has no WWW-Authenticate header.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request)) void reply.removeHeader('www-authenticate');
      return body;
    }),
  },
  {
    id: 'unknown-client-told',
    sentence: 'The refusal of a client says whether the id is unknown or the secret is wrong.',
    override: {
      ...storeWith(({ clients }) => ({
        clients: {
          ...clients,
          async get(clientId) {
            const client = await clients.get(clientId);
            if (client === undefined) unknownClients.add(clientId);
            else unknownClients.delete(clientId);
            return client;
          },
        },
      })),
      ...answersRewritten(({ request, reply, body }) => {
        if (!asksForToken(request) || reply.statusCode !== 401) return body;
        const clientId = basicCredentials(request.headers.authorization)?.user ?? '';
        const error_description = unknownClients.has(clientId)
          ? 'there is no such client'
          : 'the secret is wrong';
        return changed(body, { error_description });
      }),
    },
  },
]);
