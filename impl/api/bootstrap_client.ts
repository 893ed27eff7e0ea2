import { freshClientSecret, secretMatches, storedClientSecret } from '../store/model/secret_hash.ts';
import type { ClientRepository } from '../store/store.ts';

/** An OAuth client with its secret. Show it once and never log it. */
export interface ClientSecret {
  readonly id: string;
  readonly secret: string;
}

/** A client that the configuration names. */
export interface ConfiguredClient extends ClientSecret {
  readonly account: string;
}

/** What {@link bootstrapClients} needs. */
export interface BootstrapOptions {
  /** The account of the client that is made if there is none. */
  readonly account: string;
  readonly configured: readonly ConfiguredClient[];
  readonly randomBytes: (size: number) => Buffer;
}

const CLIENT_ID_BYTES = 6;

/**
 * Makes sure that somebody can get a token. Gives each configured client its configured account and secret. If none
 * is configured and the store is empty, makes one and returns it.
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

/** A random client id, practically unique. */
export function freshClientId(randomBytes: (size: number) => Buffer): string {
  return `client-${randomBytes(CLIENT_ID_BYTES).toString('hex')}`;
}

/** Keeps a secret that already matches, so that the tokens bought with it stay good. */
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
