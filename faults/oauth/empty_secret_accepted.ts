import { storedClientSecret } from '../../impl/store/model/secret_hash.ts';
import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'empty-secret-accepted',
  rule: 'oauth.token.invalid-client',
  sentence: 'An empty secret is as good as the right one.',
  override: storeWith(({ clients }) => ({
    clients: {
      ...clients,
      async get(clientId) {
        const client = await clients.get(clientId);
        if (client === undefined) return undefined;
        const empty = await storedClientSecret('', (size) => Buffer.alloc(size));
        const secrets = [...client.secrets, { ...empty, createdAt: 0, validUntil: undefined }];
        return { ...client, secrets };
      },
    },
  })),
} satisfies Fault;
