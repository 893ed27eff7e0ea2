import type { VoiceApplication, ApplicationProfile } from '../store/model/voice_application.ts';
import { callbackErrors, type CallbackRefusal } from './callback_url.ts';
import type { FieldError } from './field_error.ts';
import { SOURCE_CHECKS } from './source_prefix.ts';

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The inbound SIP fields of a PATCH: their types are checked, their values not yet. */
export interface InboundPatch {
  readonly inboundSipCallsEnabled?: boolean | undefined;
  readonly passwordAuthEnabled?: boolean | undefined;
  readonly allowedSourceIps?: readonly string[] | undefined;
  readonly allowedRegions?: readonly string[] | undefined;
}

/** The other fields of a PATCH. */
export type ProfilePatch = Optional<ApplicationProfile>;

/** A PATCH: an absent field keeps its value. */
export type ApplicationPatch = InboundPatch & ProfilePatch;

/** A PATCH, and what it comes upon. */
export interface AskedPatch {
  readonly current: VoiceApplication;
  readonly patch: ApplicationPatch;
  readonly callbackRefusal: CallbackRefusal;
  /** The regions the service knows. */
  readonly regions: readonly string[];
}

/** One thing that a PATCH has to pass. */
export interface PatchCheck {
  readonly name: string;
  /** An error for each field, or entry of a list, that does not pass. */
  readonly errors: (asked: AskedPatch) => readonly FieldError[];
}

/** What a PATCH has to pass. All errors are told, and of those about one field the first. */
export const PATCH_CHECKS: readonly PatchCheck[] = [
  { name: 'callback-url', errors: ({ patch, callbackRefusal }) => callbackErrors(patch, callbackRefusal) },
  { name: 'settings-while-off', errors: (asked) => (isOnAfter(asked) ? [] : errorsWhileOff(asked)) },
  ...SOURCE_CHECKS.map(({ name, errors }) => ({
    name,
    errors: whileOn(({ patch }) => errors(patch.allowedSourceIps ?? [])),
  })),
  { name: 'region-known', errors: whileOn(unknownRegions) },
  { name: 'region-twice', errors: whileOn(repeatedRegions) },
  { name: 'mechanism', errors: whileOn(noMechanism) },
];

/** Whether inbound SIP is on once the PATCH is granted. */
export function isOnAfter({ current, patch }: Pick<AskedPatch, 'current' | 'patch'>): boolean {
  return patch.inboundSipCallsEnabled ?? current.inbound !== null;
}

function whileOn(errors: PatchCheck['errors']): PatchCheck['errors'] {
  return (asked) => (isOnAfter(asked) ? errors(asked) : []);
}

/** While inbound SIP is off, only the patch that enables it may configure it. */
function errorsWhileOff({ patch }: AskedPatch): readonly FieldError[] {
  const disabling = patch.inboundSipCallsEnabled === false;
  const reason = disabling
    ? 'cannot be set by the patch that sets inboundSipCallsEnabled to false'
    : 'cannot be set while inbound SIP calls are off: send inboundSipCallsEnabled: true with it';
  const { passwordAuthEnabled, allowedSourceIps, allowedRegions } = patch;
  const isEmpty = {
    passwordAuthEnabled: passwordAuthEnabled === false,
    allowedSourceIps: allowedSourceIps?.length === 0,
    allowedRegions: allowedRegions?.length === 0,
  };
  return (['passwordAuthEnabled', 'allowedSourceIps', 'allowedRegions'] as const)
    .filter((field) => patch[field] !== undefined && !(disabling && isEmpty[field]))
    .map((field) => ({ field, reason }));
}

function unknownRegions({ patch: { allowedRegions = [] }, regions }: AskedPatch): readonly FieldError[] {
  const reason = `is none of the regions the service knows: ${regions.join(', ')}`;
  return allowedRegions.flatMap((region, index) =>
    regions.includes(region) ? [] : [{ field: `allowedRegions[${index}]`, reason }],
  );
}

function repeatedRegions({ patch: { allowedRegions = [] } }: AskedPatch): readonly FieldError[] {
  return allowedRegions.flatMap((region, index) => {
    const first = allowedRegions.indexOf(region);
    const reason = `${region} is listed already, at index ${first}`;
    return first < index ? [{ field: `allowedRegions[${index}]`, reason }] : [];
  });
}

/** Rules app.enable.needs-auth-mode and app.last-mechanism. Names the fields that left no mechanism. */
function noMechanism({ current: { inbound }, patch }: AskedPatch): readonly FieldError[] {
  const hasPassword = patch.passwordAuthEnabled ?? (inbound?.credential ?? null) !== null;
  const sources = patch.allowedSourceIps ?? inbound?.allowedSources ?? [];
  if (hasPassword || sources.length > 0) return [];
  const reason =
    'would leave inbound SIP calls on without authentication: set passwordAuthEnabled to true, or list allowedSourceIps';
  const fields = (['passwordAuthEnabled', 'allowedSourceIps'] as const).filter(
    (field) => patch[field] !== undefined,
  );
  const offending = fields.length > 0 ? fields : ['inboundSipCallsEnabled'];
  return offending.map((field) => ({ field, reason }));
}
