import { freshClientSecret, secretMatches, storedClientSecret } from '../store/model/secret_hash.ts';
import type { ClientRepository } from '../store/store.ts';

/** An OAuth client with its secret: to be shown once, and never logged. */
export interface ClientSecret {
  readonly id: string;
  readonly secret: string;
}

/** A client that the configuration names. */
export interface ConfiguredClient extends ClientSecret {
  readonly account: string;
}

export interface BootstrapOptions {
  /** The account of a client that is made because there is none. */
  readonly account: string;
  readonly configured: readonly ConfiguredClient[];
  readonly randomBytes: (size: number) => Buffer;
}

const CLIENT_ID_BYTES = 6;

/**
 * Sees to it that somebody can get a token: each configured client has the account and the secret that the
 * configuration says, and where it names none and the store has none, one is made. Returns the one it made.
 */
export async function bootstrapClients(
  clients: ClientRepository,
  { account, configured, randomBytes }: BootstrapOptions,
): Promise<ClientSecret | undefined> {
  for (const client of configured) await settleClient(clients, client, randomBytes);
  if (configured.length > 0 || !(await clients.isEmpty())) return undefined;
  const made = { id: freshClientId(randomBytes), secret: freshClientSecret(randomBytes) };
  const stored = await storedClientSecret(made.secret, randomBytes);
  await clients.create({ clientId: made.id, accountId: account }, stored);
  return made;
}

/** An id no client has, for all that chance can promise. */
export function freshClientId(randomBytes: (size: number) => Buffer): string {
  return `client-${randomBytes(CLIENT_ID_BYTES).toString('hex')}`;
}

/** A secret that is good already stays as it is, and so do the tokens bought with it. */
async function settleClient(
  clients: ClientRepository,
  { id, secret, account }: ConfiguredClient,
  randomBytes: (size: number) => Buffer,
): Promise<void> {
  const known = await clients.get(id);
  if (known === undefined) {
    const stored = await storedClientSecret(secret, randomBytes);
    await clients.create({ clientId: id, accountId: account }, stored);
    return;
  }
  if (known.accountId !== account) await clients.move(id, account);
  const matches = await Promise.all(known.secrets.map(({ secretHash }) => secretMatches(secret, secretHash)));
  if (!matches.includes(true)) {
    await clients.rotate(id, await storedClientSecret(secret, randomBytes), undefined);
  }
}
