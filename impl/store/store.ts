import type { InboundDirectory } from './application.ts';
import type { VoiceApplication } from './voice_application.ts';

/** One page of a list in the order of creation. */
interface Page<T> {
  readonly items: readonly T[];
  /** Of the whole list, not of this page. */
  readonly total: number;
}

/** Voice applications of accounts. An application of another account counts as one that is not there. */
export interface ApplicationRepository {
  /** Writes a new application. Throws where its id or URI user is taken or its account is unknown: both are bugs. */
  create(application: VoiceApplication): Promise<void>;
  /** The application, undefined where the account has none of that id. */
  get(accountId: string, applicationId: string): Promise<VoiceApplication | undefined>;
  /** Applications number `offset` to `offset + limit - 1` of the account. */
  list(accountId: string, offset: number, limit: number): Promise<Page<VoiceApplication>>;
  /**
   * Reads, changes and writes in one transaction: no other change comes between. `change` is pure; an outcome
   * with `next` is written, one without leaves everything as it was. Returns the outcome, undefined where the
   * account has no such application. When the promise is settled every reader sees the change.
   */
  update<Outcome extends { readonly next?: VoiceApplication | undefined }>(
    accountId: string,
    applicationId: string,
    change: (current: VoiceApplication) => Outcome,
  ): Promise<Outcome | undefined>;
  /** Returns whether there was one. */
  delete(accountId: string, applicationId: string): Promise<boolean>;
}

/** An OAuth client (RFC 6749 section 2). */
export interface OAuthClient {
  readonly clientId: string;
  readonly accountId: string;
  /** As `secretHashOf` made it; the secret itself is kept nowhere. */
  readonly secretHash: string;
}

export interface ClientRepository {
  get(clientId: string): Promise<OAuthClient | undefined>;
  /** Creates or replaces, and makes the account where it is new. */
  put(client: OAuthClient): Promise<void>;
  /** Whether the store knows any client at all. */
  isEmpty(): Promise<boolean>;
}

/** What the server's keys are for; each is a row of its own. */
type KeyName = 'nonce-hmac' | 'token-signing';

export interface KeyRepository {
  /** The key of that name, made of `fresh` if there is none yet; of two that try at once, both get one and the same. */
  getOrCreate(name: KeyName, fresh: () => Buffer): Promise<Buffer>;
}

/** Everything that outlives the process. */
export interface Store {
  readonly applications: ApplicationRepository;
  readonly clients: ClientRepository;
  readonly keys: KeyRepository;
  readonly inbound: InboundDirectory;
  /** Settles when the store has answered a query; rejects when it cannot. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
