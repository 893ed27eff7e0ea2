import type { VoiceApplication } from './voice_application.ts';

/** Who asked for a change, and where that can be found again. */
export interface ChangeAuthor {
  /** The OAuth client whose token it was. */
  readonly clientId: string;
  /** As in the log. */
  readonly requestId: string;
  /** Address the request came from. */
  readonly sourceAddress: string;
}

/** What was done to an application; `enabled`, `disabled` and `rotated` are about inbound SIP and its password. */
export const AUDIT_ACTIONS = ['created', 'changed', 'enabled', 'disabled', 'rotated', 'deleted'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** A change in terms of the management API: what was done, and which fields are no longer what they were. */
export interface ApplicationChange {
  readonly action: AuditAction;
  /** Names only: a value could be a secret. */
  readonly fields: readonly string[];
}

/** One line of the audit trail. */
export interface AuditEntry extends ApplicationChange {
  readonly accountId: string;
  readonly applicationId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly author: ChangeAuthor;
}

/** An application's end. */
export const DELETED: ApplicationChange = { action: 'deleted', fields: [] };

/** What an application begins with; its fields are those that are set. */
export function creation(application: VoiceApplication): ApplicationChange {
  return { action: 'created', fields: changedFields(undefined, application) };
}

/** How an application came from one state to the other; undefined where nothing changed. */
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

/** What the API shows of an application, and the password it does not show; comparable, and never written down. */
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
