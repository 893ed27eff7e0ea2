import { secretHashOf } from '../store/secret_hash.ts';
import type { ClientRepository } from '../store/store.ts';

/** An OAuth client with its secret: to be shown once, and never logged. */
export interface ClientSecret {
  readonly id: string;
  readonly secret: string;
}

export interface BootstrapOptions {
  readonly account: string;
  /** The client the configuration names, if it names one. */
  readonly client: ClientSecret | undefined;
  readonly randomBytes: (size: number) => Buffer;
}

/**
 * Sees to it that somebody can get a token: creates or updates the configured client, or makes one where none is
 * configured and the store has none. Returns the one it made.
 */
export async function bootstrapClient(
  clients: ClientRepository,
  { account, client, randomBytes }: BootstrapOptions,
): Promise<ClientSecret | undefined> {
  if (client === undefined && !(await clients.isEmpty())) return undefined;
  const wanted = client ?? {
    id: `client-${randomBytes(6).toString('hex')}`,
    secret: randomBytes(24).toString('base64url'),
  };
  const secretHash = await secretHashOf(wanted.secret, randomBytes(16));
  await clients.put({ clientId: wanted.id, accountId: account, secretHash });
  return client === undefined ? wanted : undefined;
}
