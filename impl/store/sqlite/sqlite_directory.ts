import type { DatabaseSync } from 'node:sqlite';

import type { Ipv4Prefix } from '../../net/ipv4_prefix.ts';
import type { Credential, InboundDirectory, InboundSettings } from '../model/inbound_settings.ts';
import { lookUpFailure } from './sqlite_failure.ts';

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
 * The signaling tier's look-ups, over a connection that reads only what is committed, so that no packet's handler sees
 * the middle of a transaction or waits for one. (The one connection of a store in memory writes too; there a transaction
 * ends in the turn of the event loop in which it began.) `find` throws a StoreUnavailable if the store is closed, its
 * file damaged or its disk broken.
 */
export function sqliteInboundDirectory(database: DatabaseSync): InboundDirectory {
  const statement = database.prepare(FIND);
  statement.setReturnArrays(true);
  return {
    find(user) {
      try {
        const row: unknown = statement.get(user);
        return isDirectoryRow(row) ? settingsOf(row) : undefined;
      } catch (error) {
        throw lookUpFailure(error);
      }
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
