import {
  credentialOf,
  type ApplicationProfile,
  type InboundSip,
  type VoiceApplication,
} from '../store/model/voice_application.ts';
import type { FieldError } from './field_error.ts';
import {
  isOnAfter,
  PATCH_CHECKS,
  type ApplicationPatch,
  type AskedPatch,
  type InboundPatch,
  type PatchCheck,
  type ProfilePatch,
} from './patch_checks.ts';
import { sourcePrefixes } from './source_prefix.ts';

/** What {@link applyPatch} needs besides the application and the patch. */
export interface PatchContext extends Pick<AskedPatch, 'callbackRefusal' | 'regions'> {
  /** User part of a new SIP URI. */
  readonly newUuid: () => string;
  /** A new SIP password. */
  readonly newPassword: () => string;
  /** SIP domain: host of the SIP URIs and digest realm. */
  readonly domain: string;
}

/** The changed application, and a new password if there is one (shown only now); or why nothing changes. */
export type PatchOutcome =
  | { readonly next: VoiceApplication; readonly oneTimePassword?: string }
  | { readonly errors: readonly FieldError[]; readonly next?: undefined };

/**
 * Everything a PATCH does (rules app.enable.*, app.rotate.*, app.regions.*, app.source-ips.*, app.disable.*,
 * app.reenable.*, app.cidr.*, app.password-off, app.last-mechanism, app.patch.atomic, hard.callback-url). Pure, except that an
 * accepted patch may draw a UUID and a password from the context.
 */
export function applyPatch(
  current: VoiceApplication,
  patch: ApplicationPatch,
  context: PatchContext,
  checks: readonly PatchCheck[] = PATCH_CHECKS,
): PatchOutcome {
  const asked = { current, patch, ...context };
  const errors = checks.flatMap((check) => check.errors(asked));
  if (errors.length > 0) return { errors: firstOfEach(errors) };
  const { inboundSipCallsEnabled: _, passwordAuthEnabled, allowedSourceIps, allowedRegions, ...rest } = patch;
  const profile = changedProfile(current.profile, rest);
  if (!isOnAfter(asked)) return { next: { ...current, profile, inbound: null } };
  const changes = { passwordAuthEnabled, allowedSourceIps, allowedRegions };
  const { inbound, oneTimePassword } = changedInbound(current, changes, context);
  const next = { ...current, profile, inbound };
  return oneTimePassword === undefined ? { next } : { next, oneTimePassword };
}

/** The first error of each field. */
function firstOfEach(errors: readonly FieldError[]): readonly FieldError[] {
  const fields = errors.map(({ field }) => field);
  return errors.filter(({ field }, index) => fields.indexOf(field) === index);
}

function changedProfile(profile: ApplicationProfile, patch: ProfilePatch): ApplicationProfile {
  const sent = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...profile, ...Object.fromEntries(sent) };
}

function changedInbound(
  { applicationId, inbound: current }: VoiceApplication,
  { passwordAuthEnabled, allowedSourceIps, allowedRegions }: InboundPatch,
  context: PatchContext,
): { inbound: InboundSip; oneTimePassword?: string } {
  const uriUser = current?.uriUser ?? context.newUuid();
  const kept = {
    uriUser,
    allowedSources:
      allowedSourceIps === undefined ? (current?.allowedSources ?? []) : sourcePrefixes(allowedSourceIps),
    allowedRegions: allowedRegions ?? current?.allowedRegions ?? [],
  };
  if (passwordAuthEnabled === undefined)
    return { inbound: { ...kept, credential: current?.credential ?? null } };
  if (!passwordAuthEnabled) return { inbound: { ...kept, credential: null } };
  const oneTimePassword = context.newPassword();
  const credential = credentialOf(applicationId, uriUser, context.domain, oneTimePassword);
  return { inbound: { ...kept, credential }, oneTimePassword };
}
