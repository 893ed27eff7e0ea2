import type { Insertable, Selectable } from 'kysely';

/** Columns as both SQLite and PostgreSQL hold them: JSON as text, times as milliseconds since 1970. */
export interface Tables {
  accounts: { account_id: string; created_at: number };
  clients: { client_id: string; account_id: string; secret_hash: string };
  keys: { name: string; secret: Uint8Array; created_at: number };
  voice_applications: {
    application_id: string;
    account_id: string;
    /** ApplicationProfile. */
    profile: string;
    /** Null while inbound SIP is off, and then the three columns below are null too. */
    uri_user: string | null;
    /** Credential; null where password authentication is off. */
    credential: string | null;
    /** Ipv4Prefix[], as numbers: read on the path of a call. */
    allowed_sources: string | null;
    /** string[]. */
    allowed_regions: string | null;
    created_at: number;
  };
}

export type ApplicationRow = Selectable<Tables['voice_applications']>;
export type NewApplicationRow = Insertable<Tables['voice_applications']>;
