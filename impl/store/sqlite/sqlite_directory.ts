import type { DatabaseSync } from 'node:sqlite';

import type { Ipv4Prefix } from '../../net/ipv4_prefix.ts';
import type { Credential, InboundDirectory, InboundSettings } from '../model/inbound_settings.ts';

type DirectoryRow = [
  applicationId: string,
  uriUser: string | null,
  credential: string | null,
  allowedSources: string | null,
  allowedRegions: string | null,
];

const COLUMNS = 'application_id, uri_user, credential, allowed_sources, allowed_regions';
/** Two index look-ups, the second only if the first found nothing. */
const FIND = `
  select ${COLUMNS} from voice_applications where application_id = ?1
  union all select ${COLUMNS} from voice_applications where uri_user = ?1
  limit 1`;

/**
 * The signaling tier's look-ups, over the connection that also writes. Over this synchronous driver kysely's steps
 * are only microtasks, so a transaction ends in the turn of the event loop in which it began: no packet's handler
 * sees the middle of one.
 */
export function sqliteInboundDirectory(database: DatabaseSync): InboundDirectory {
  const statement = database.prepare(FIND);
  statement.setReturnArrays(true);
  return {
    find(user) {
      const row: unknown = statement.get(user);
      return isDirectoryRow(row) ? settingsOf(row) : undefined;
    },
  };
}

/** Checks a row: with setReturnArrays, an array of the selected columns; undefined if there is none. */
function isDirectoryRow(row: unknown): row is DirectoryRow {
  return Array.isArray(row);
}

function settingsOf([
  applicationId,
  uriUser,
  credentialText,
  sources,
  regions,
]: DirectoryRow): InboundSettings {
  const credential: Credential | null = credentialText === null ? null : JSON.parse(credentialText);
  const allowedSources: Ipv4Prefix[] = sources === null ? [] : JSON.parse(sources);
  const allowedRegions: string[] = regions === null ? [] : JSON.parse(regions);
  const inboundSipCallsEnabled = uriUser !== null;
  return { applicationId, uriUser, inboundSipCallsEnabled, credential, allowedSources, allowedRegions };
}
