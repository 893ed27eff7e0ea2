import type { AuditEntry, ChangeAuthor } from './model/audit.ts';
import type { InboundDirectory } from './model/inbound_settings.ts';
import type { VoiceApplication } from './model/voice_application.ts';

/** One page of a list in the order of creation. */
interface Page<T> {
  readonly items: readonly T[];
  /** How many items the whole list has. */
  readonly total: number;
}

/**
 * Voice applications of accounts. An application of another account counts as missing. Each change is written
 * together with its entry in the audit trail; `by` says who asked for it.
 */
export interface ApplicationRepository {
  /** Writes a new application. Rejects if its id or URI user is taken or its account is unknown: both are bugs. */
  create(application: VoiceApplication, by: ChangeAuthor): Promise<void>;
  /** The application; undefined if the account has none of that id. */
  get(accountId: string, applicationId: string): Promise<VoiceApplication | undefined>;
  /** Applications number `offset` to `offset + limit - 1` of the account. */
  list(accountId: string, offset: number, limit: number): Promise<Page<VoiceApplication>>;
  /**
   * Reads, changes and writes in one transaction: no other change comes between. `change` is pure; an outcome
   * with `next` is written, one without changes nothing. Returns the outcome; undefined if the account has no such
   * application. Once the promise is settled, every reader sees the change.
   */
  update<Outcome extends { readonly next?: VoiceApplication | undefined }>(
    accountId: string,
    applicationId: string,
    change: (current: VoiceApplication) => Outcome,
    by: ChangeAuthor,
  ): Promise<Outcome | undefined>;
  /** Returns whether there was one. */
  delete(accountId: string, applicationId: string, by: ChangeAuthor): Promise<boolean>;
}

/** Which entries to list: number `offset` to `offset + limit - 1` of those that match. */
export interface AuditQuery {
  /** Undefined: all applications of the account. */
  readonly applicationId?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** The audit trail of accounts. ApplicationRepository writes it. */
export interface AuditRepository {
  /** Entries, newest first, of deleted applications too. */
  list(accountId: string, query: AuditQuery): Promise<Page<AuditEntry>>;
}

/** One secret of a client. */
export interface ClientSecretRecord {
  /** Names this secret, and the tokens bought with it; random, never used again. */
  readonly secretId: string;
  /** As `secretHashOf` made it; the secret itself is kept nowhere. */
  readonly secretHash: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it dies, in milliseconds since 1970; undefined: when it is replaced. */
  readonly validUntil: number | undefined;
}

/** An OAuth client (RFC 6749 section 2). */
export interface OAuthClient {
  readonly clientId: string;
  readonly accountId: string;
  /** Secrets that are good now, newest first: one, or two during a rotation's overlap. */
  readonly secrets: readonly ClientSecretRecord[];
}

/** A secret to be stored. */
export type NewClientSecret = Pick<ClientSecretRecord, 'secretId' | 'secretHash'>;

/** OAuth clients and their secrets. A change by any process holds from the next call on. */
export interface ClientRepository {
  get(clientId: string): Promise<OAuthClient | undefined>;
  /** All clients, in the order of their ids. */
  list(): Promise<OAuthClient[]>;
  /** The client that has this secret; undefined if the secret is dead or its client is gone. */
  ofSecret(secretId: string): Promise<Omit<OAuthClient, 'secrets'> | undefined>;
  /** Creates a client, and its account if that is new. Returns false and changes nothing if the id is taken. */
  create(client: Omit<OAuthClient, 'secrets'>, secret: NewClientSecret): Promise<boolean>;
  /**
   * Gives a client a new secret. The newest former secret stays good until `formerUntil`, milliseconds since 1970, or
   * until its own end if that comes first. All others die at once; without `formerUntil`, that one too. Returns false
   * if there is no such client.
   */
  rotate(clientId: string, secret: NewClientSecret, formerUntil: number | undefined): Promise<boolean>;
  /** Moves a client to an account, which is created if it is new. */
  move(clientId: string, accountId: string): Promise<void>;
  /** Removes a client and its secrets. Its account stays, with its applications. Returns whether there was a client. */
  remove(clientId: string): Promise<boolean>;
  /** Whether the store knows any client at all. */
  isEmpty(): Promise<boolean>;
}

/** A key that signs access tokens. */
export interface TokenKey {
  /** Its name in a token's header (RFC 7515 section 4.1.4); never used again. */
  readonly kid: string;
  readonly secret: Buffer;
}

/** A token key without its secret. */
export interface TokenKeyRecord {
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When its tokens are refused, in milliseconds since 1970; undefined: it is the key that signs. */
  readonly validUntil: number | undefined;
}

/** The keys of access tokens. One signs; former ones only verify. */
export interface TokenKeyRepository {
  /** The key that signs. If there is none, stores `fresh()`; simultaneous callers all get the same key. */
  current(fresh: () => TokenKey): Promise<TokenKey>;
  /** The key of that name; undefined if it was dropped, its time is over, or it never existed. */
  get(kid: string): Promise<TokenKey | undefined>;
  /** Keys that are good now, newest first. */
  list(): Promise<TokenKeyRecord[]>;
  /**
   * Lets `key` sign from now on. Tokens of the former key stay good until `formerUntil`, milliseconds since 1970. If
   * that is undefined, all former keys are dropped and every existing token dies at once.
   */
  roll(key: TokenKey, formerUntil: number | undefined): Promise<void>;
  /** Removes a former key; its tokens die at once. Returns false for the key that signs and for an unknown kid. */
  drop(kid: string): Promise<boolean>;
}

/** What the server's keys are for; each is a separate row. */
type KeyName = 'nonce-hmac';

/** The server's own keys. */
export interface KeyRepository {
  /** The key of that name. If there is none, stores `fresh()`; simultaneous callers all get the same key. */
  getOrCreate(name: KeyName, fresh: () => Buffer): Promise<Buffer>;
}

/** Everything that outlives the process. */
export interface Store {
  readonly applications: ApplicationRepository;
  readonly clients: ClientRepository;
  readonly audit: AuditRepository;
  readonly keys: KeyRepository;
  readonly tokenKeys: TokenKeyRepository;
  readonly inbound: InboundDirectory;
  /** Settles when the store has answered a query; rejects when it cannot. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
