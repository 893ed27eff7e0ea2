import type { Ipv4Prefix } from '../net/ipv4_prefix.ts';
import type { Credential } from '../store/model/inbound_settings.ts';
import {
  credentialOf,
  type ApplicationProfile,
  type InboundSip,
  type VoiceApplication,
} from '../store/model/voice_application.ts';
import { callbackErrors, type CallbackRefusal } from './callback_url.ts';
import type { FieldError } from './field_error.ts';
import { parseSourcePrefixes } from './source_prefix.ts';

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The inbound SIP fields of a PATCH: their types are checked, their values not yet. */
interface InboundPatch {
  readonly inboundSipCallsEnabled?: boolean | undefined;
  readonly passwordAuthEnabled?: boolean | undefined;
  readonly allowedSourceIps?: readonly string[] | undefined;
  readonly allowedRegions?: readonly string[] | undefined;
}

/** A PATCH: an absent field keeps its value. */
export type ApplicationPatch = InboundPatch & Optional<ApplicationProfile>;

/** What {@link applyPatch} needs besides the application and the patch. */
export interface PatchContext {
  /** User part of a new SIP URI. */
  readonly newUuid: () => string;
  /** A new SIP password. */
  readonly newPassword: () => string;
  readonly callbackRefusal: CallbackRefusal;
  /** SIP domain: host of the SIP URIs and digest realm. */
  readonly domain: string;
  /** The regions the service knows. */
  readonly regions: readonly string[];
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
): PatchOutcome {
  const { inboundSipCallsEnabled, passwordAuthEnabled, allowedSourceIps, allowedRegions, ...profilePatch } =
    patch;
  const inboundPatch = { inboundSipCallsEnabled, passwordAuthEnabled, allowedSourceIps, allowedRegions };
  const profile = changedProfile(current.profile, profilePatch);
  const callbacks = callbackErrors(profilePatch, context.callbackRefusal);
  const enabled = inboundSipCallsEnabled ?? current.inbound !== null;
  if (!enabled) {
    const errors = [...callbacks, ...errorsWhileDisabled(inboundPatch)];
    return errors.length > 0 ? { errors } : { next: { ...current, profile, inbound: null } };
  }
  const wanted = wantedInbound(current.inbound, inboundPatch, context.regions);
  if ('errors' in wanted) return { errors: [...callbacks, ...wanted.errors] };
  if (callbacks.length > 0) return { errors: callbacks };
  const { inbound, oneTimePassword } = drawnInbound(current, wanted, context);
  const next = { ...current, profile, inbound };
  return oneTimePassword === undefined ? { next } : { next, oneTimePassword };
}

function changedProfile(
  profile: ApplicationProfile,
  patch: Optional<ApplicationProfile>,
): ApplicationProfile {
  const sent = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...profile, ...Object.fromEntries(sent) };
}

/** While inbound SIP is off, only the patch that enables it may configure it. */
function errorsWhileDisabled(patch: InboundPatch): FieldError[] {
  const errors: FieldError[] = [];
  const disabling = patch.inboundSipCallsEnabled === false;
  const reason = disabling
    ? 'cannot be set by the patch that sets inboundSipCallsEnabled to false'
    : 'cannot be set while inbound SIP calls are off: send inboundSipCallsEnabled: true with it';
  const offends = (isEmpty: boolean): boolean => !disabling || !isEmpty;
  const { passwordAuthEnabled, allowedSourceIps, allowedRegions } = patch;
  if (passwordAuthEnabled !== undefined && offends(!passwordAuthEnabled)) {
    errors.push({ field: 'passwordAuthEnabled', reason });
  }
  if (allowedSourceIps !== undefined && offends(allowedSourceIps.length === 0)) {
    errors.push({ field: 'allowedSourceIps', reason });
  }
  if (allowedRegions !== undefined && offends(allowedRegions.length === 0)) {
    errors.push({ field: 'allowedRegions', reason });
  }
  return errors;
}

/** Inbound SIP as the patch asks for it, before a UUID or password is drawn. */
interface WantedInbound {
  readonly password: 'new' | 'none' | 'kept';
  readonly allowedSources: readonly Ipv4Prefix[];
  readonly allowedRegions: readonly string[];
}

function wantedInbound(
  current: InboundSip | null,
  patch: InboundPatch,
  regions: readonly string[],
): WantedInbound | { errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const allowedRegions = patch.allowedRegions ?? current?.allowedRegions ?? [];
  if (patch.allowedRegions !== undefined) errors.push(...regionErrors(patch.allowedRegions, regions));

  const password = wantedPassword(current, patch.passwordAuthEnabled);
  let allowedSources = current?.allowedSources ?? [];
  if (patch.allowedSourceIps !== undefined) {
    const parsed = parseSourcePrefixes(patch.allowedSourceIps);
    if ('errors' in parsed) return { errors: [...parsed.errors, ...errors] };
    allowedSources = parsed.prefixes;
  }
  if (password === 'none' && allowedSources.length === 0) errors.push(...noMechanismErrors(patch));
  return errors.length > 0 ? { errors } : { password, allowedSources, allowedRegions };
}

function wantedPassword(
  current: InboundSip | null,
  passwordAuthEnabled: boolean | undefined,
): WantedInbound['password'] {
  if (passwordAuthEnabled === true) return 'new';
  if (passwordAuthEnabled === false) return 'none';
  return (current?.credential ?? null) === null ? 'none' : 'kept';
}

/** Rules app.enable.needs-auth-mode and app.last-mechanism. Names the fields that left no mechanism. */
function noMechanismErrors(patch: InboundPatch): FieldError[] {
  const reason =
    'would leave inbound SIP calls on without authentication: set passwordAuthEnabled to true, or list allowedSourceIps';
  const fields = (['passwordAuthEnabled', 'allowedSourceIps'] as const).filter(
    (field) => patch[field] !== undefined,
  );
  const offending = fields.length > 0 ? fields : ['inboundSipCallsEnabled'];
  return offending.map((field) => ({ field, reason }));
}

function regionErrors(wanted: readonly string[], known: readonly string[]): FieldError[] {
  return wanted.flatMap((region, index) => {
    const field = `allowedRegions[${index}]`;
    if (!known.includes(region)) {
      return [{ field, reason: `is none of the regions the service knows: ${known.join(', ')}` }];
    }
    const first = wanted.indexOf(region);
    return first < index ? [{ field, reason: `${region} is listed already, at index ${first}` }] : [];
  });
}

function drawnInbound(
  { applicationId, inbound: current }: VoiceApplication,
  { password, allowedSources, allowedRegions }: WantedInbound,
  context: PatchContext,
): { inbound: InboundSip; oneTimePassword?: string } {
  const uriUser = current?.uriUser ?? context.newUuid();
  const withCredential = (credential: Credential | null): InboundSip => ({
    uriUser,
    credential,
    allowedSources,
    allowedRegions,
  });
  if (password === 'kept') return { inbound: withCredential(current?.credential ?? null) };
  if (password === 'none') return { inbound: withCredential(null) };
  const oneTimePassword = context.newPassword();
  const credential = credentialOf(applicationId, uriUser, context.domain, oneTimePassword);
  return { inbound: withCredential(credential), oneTimePassword };
}
