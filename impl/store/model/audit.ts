import type { VoiceApplication } from './voice_application.ts';

/** Who asked for a change, and in which request. */
export interface ChangeAuthor {
  /** The OAuth client that sent the request. */
  readonly clientId: string;
  /** As in the log. */
  readonly requestId: string;
  /** Address the request came from. */
  readonly sourceAddress: string;
}

/** What was done to an application. `enabled` and `disabled` mean inbound SIP, `rotated` its password. */
export const AUDIT_ACTIONS = ['created', 'changed', 'enabled', 'disabled', 'rotated', 'deleted'] as const;
/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** A change in terms of the management API: what was done, and which fields changed. */
export interface ApplicationChange {
  readonly action: AuditAction;
  /** Names only: a value could be a secret. */
  readonly fields: readonly string[];
}

/** One entry of the audit trail. */
export interface AuditEntry extends ApplicationChange {
  readonly accountId: string;
  readonly applicationId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly author: ChangeAuthor;
}

/** The deletion of an application. */
export const DELETED: ApplicationChange = { action: 'deleted', fields: [] };

/** The creation of an application. The fields are those that are set. */
export function creation(application: VoiceApplication): ApplicationChange {
  return { action: 'created', fields: changedFields(undefined, application) };
}

/** The change between two states of an application; undefined if they are equal. */
export function applicationChange(
  before: VoiceApplication,
  after: VoiceApplication,
): ApplicationChange | undefined {
  const fields = changedFields(before, after);
  return fields.length === 0 ? undefined : { action: actionOf(before, after), fields };
}

function changedFields(before: VoiceApplication | undefined, after: VoiceApplication): string[] {
  const was = before === undefined ? {} : auditedFields(before);
  const is = auditedFields(after);
  return Object.keys(is).filter((field) => (was[field] ?? UNSET) !== is[field]);
}

const UNSET = 'null';

/** The API's fields as JSON, passwords and hashes included: for comparison only, never stored. */
function auditedFields({ profile, inbound }: VoiceApplication): Record<string, string> {
  const fields: Record<string, unknown> = {
    ...profile,
    inboundSipCallsEnabled: inbound === null ? null : true,
    sipUri: inbound?.uriUser ?? null,
    passwordAuthEnabled: (inbound?.credential ?? null) === null ? null : true,
    sipAuthPassword: inbound?.credential ?? null,
    allowedSourceIps: orUnset(inbound?.allowedSources),
    allowedRegions: orUnset(inbound?.allowedRegions),
  };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, JSON.stringify(value)]));
}

function orUnset(list: readonly unknown[] | undefined): readonly unknown[] | null {
  return list === undefined || list.length === 0 ? null : list;
}

function actionOf({ inbound: before }: VoiceApplication, { inbound: after }: VoiceApplication): AuditAction {
  if (before === null) return after === null ? 'changed' : 'enabled';
  if (after === null) return 'disabled';
  const isRotated = before.credential !== null && after.credential !== null;
  return isRotated && JSON.stringify(before.credential) !== JSON.stringify(after.credential)
    ? 'rotated'
    : 'changed';
}
