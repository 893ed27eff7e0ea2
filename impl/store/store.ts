import type { AuditEntry, ChangeAuthor } from './model/audit.ts';
import type { InboundDirectory } from './model/inbound_settings.ts';
import type { VoiceApplication } from './model/voice_application.ts';

/** One page of a list in the order of creation. */
interface Page<T> {
  readonly items: readonly T[];
  /** Of the whole list, not of this page. */
  readonly total: number;
}

/**
 * Voice applications of accounts. An application of another account counts as one that is not there. Each change is
 * written together with its line in the audit trail, in which `by` is who asked for it.
 */
export interface ApplicationRepository {
  /** Writes a new application. Throws where its id or URI user is taken or its account is unknown: both are bugs. */
  create(application: VoiceApplication, by: ChangeAuthor): Promise<void>;
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
    by: ChangeAuthor,
  ): Promise<Outcome | undefined>;
  /** Returns whether there was one. */
  delete(accountId: string, applicationId: string, by: ChangeAuthor): Promise<boolean>;
}

/** Which changes are asked for, and which of them: number `offset` to `offset + limit - 1`. */
export interface AuditQuery {
  /** Undefined: those of all applications of the account. */
  readonly applicationId?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** What was done to the applications of accounts; ApplicationRepository writes it. */
export interface AuditRepository {
  /** The newest first. Of applications that are gone too. */
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
  /** Milliseconds since 1970, from when on it is dead; undefined: until it is replaced. */
  readonly validUntil: number | undefined;
}

/** An OAuth client (RFC 6749 section 2). */
export interface OAuthClient {
  readonly clientId: string;
  readonly accountId: string;
  /** Those that are good now, the newest first: one, or two while a rotation's overlap lasts. */
  readonly secrets: readonly ClientSecretRecord[];
}

/** A secret to be stored. */
export type NewClientSecret = Pick<ClientSecretRecord, 'secretId' | 'secretHash'>;

/** OAuth clients and their secrets. Every change holds from the next call on, whichever process made it. */
export interface ClientRepository {
  get(clientId: string): Promise<OAuthClient | undefined>;
  /** In the order of their ids. */
  list(): Promise<OAuthClient[]>;
  /** The client whose secret this is; undefined where the secret is dead or its client is gone. */
  ofSecret(secretId: string): Promise<Omit<OAuthClient, 'secrets'> | undefined>;
  /** Makes a client, and its account where that is new. Returns false, with nothing changed, where the id is taken. */
  create(client: Omit<OAuthClient, 'secrets'>, secret: NewClientSecret): Promise<boolean>;
  /**
   * Gives a client a new secret. The newest of the former ones stays good until `formerUntil`, milliseconds since
   * 1970, or until its own end if that comes first; all others die at once, and so does that one where it is
   * undefined. Returns false where there is no such client.
   */
  rotate(clientId: string, secret: NewClientSecret, formerUntil: number | undefined): Promise<boolean>;
  /** Moves a client to an account, which is made where it is new. */
  move(clientId: string, accountId: string): Promise<void>;
  /** Removes a client with its secrets; its account and what is in it stay. Returns whether there was one. */
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

/** What can be told about a token key. */
export interface TokenKeyRecord {
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970, from when on its tokens are refused; undefined: it is the one that signs. */
  readonly validUntil: number | undefined;
}

/** The keys of access tokens: one signs, the former ones are good for what they have signed. */
export interface TokenKeyRepository {
  /** The key that signs; made of `fresh` where there is none, and of two that try at once both get the same. */
  current(fresh: () => TokenKey): Promise<TokenKey>;
  /** The key of that name; undefined where it was dropped, its time is over, or there never was one. */
  get(kid: string): Promise<TokenKey | undefined>;
  /** Those that are good now, the newest first. */
  list(): Promise<TokenKeyRecord[]>;
  /**
   * Lets `key` sign from now on, and the former one's tokens be good until `formerUntil`, milliseconds since 1970;
   * undefined: all former keys are dropped, and every token there is dies at once.
   */
  roll(key: TokenKey, formerUntil: number | undefined): Promise<void>;
  /** Removes a former key: its tokens die at once. Returns false for the key that signs and for none. */
  drop(kid: string): Promise<boolean>;
}

/** What the server's keys are for; each is a row of its own. */
type KeyName = 'nonce-hmac';

export interface KeyRepository {
  /** The key of that name, made of `fresh` if there is none yet; of two that try at once, both get one and the same. */
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
