import type { Insertable, Selectable } from 'kysely';

import type { AuditAction } from '../model/audit.ts';

/** Columns as both SQLite and PostgreSQL hold them: JSON as text, times as milliseconds since 1970. */
export interface Tables {
  accounts: { account_id: string; created_at: number };
  clients: { client_id: string; account_id: string };
  client_secrets: {
    secret_id: string;
    client_id: string;
    secret_hash: string;
    created_at: number;
    /** Null: good until it is replaced. */
    valid_until: number | null;
  };
  keys: { name: string; secret: Uint8Array; created_at: number };
  /** The key that signs is the one row without valid_until. */
  token_keys: { kid: string; secret: Uint8Array; created_at: number; valid_until: number | null };
  voice_applications: {
    application_id: string;
    account_id: string;
    /** ApplicationProfile. */
    profile: string;
    /** Null while inbound SIP is off; the three columns below are then null too. */
    uri_user: string | null;
    /** Credential; null while password authentication is off. */
    credential: string | null;
    /** Ipv4Prefix[], as numbers: every call reads it. */
    allowed_sources: string | null;
    /** string[]. */
    allowed_regions: string | null;
    created_at: number;
  };
  audit: {
    account_id: string;
    application_id: string;
    /** Numbers the entries of one application. */
    sequence: number;
    changed_at: number;
    action: AuditAction;
    /** string[]: names, never values. */
    fields: string;
    client_id: string;
    request_id: string;
    source_address: string;
  };
}

/** A row of voice_applications as it is read. */
export type ApplicationRow = Selectable<Tables['voice_applications']>;
/** A row of voice_applications as it is written. */
export type NewApplicationRow = Insertable<Tables['voice_applications']>;
/** A row of audit as it is read. */
export type AuditRow = Selectable<Tables['audit']>;
