import type { Ipv4Prefix } from '../../net/ipv4_prefix.ts';
import { ha1Of } from './ha1.ts';
import type { Credential } from './inbound_settings.ts';

/** The HTTP methods a webhook may be called with. */
export const CALLBACK_METHODS = ['GET', 'POST'] as const;
type CallbackMethod = (typeof CALLBACK_METHODS)[number];

/** What the service authenticates to a webhook with (HTTP Basic), so it is kept unhashed. */
interface CallbackCreds {
  readonly userId: string;
  readonly password: string;
}

/** Name and webhooks of an application: everything but inbound SIP. */
export interface ApplicationProfile {
  readonly applicationName: string;
  readonly callInitiatedCallbackUrl: string;
  readonly callInitiatedMethod: CallbackMethod;
  readonly callInitiatedFallbackUrl: string | null;
  readonly callInitiatedFallbackMethod: CallbackMethod;
  readonly callInitiatedFallbackCreds: CallbackCreds | null;
  readonly callStatusCallbackUrl: string | null;
  readonly callStatusMethod: CallbackMethod;
  readonly callbackCreds: CallbackCreds | null;
  /** Seconds a webhook may take. */
  readonly callbackTimeout: number;
}

/** Inbound SIP of an application that has it on. It has a `credential`, or `allowedSources`, or both. */
export interface InboundSip {
  /** User part of the SIP URI: a UUID of its own (rule amb.sip-uri-user). */
  readonly uriUser: string;
  /** Null while password authentication is off. */
  readonly credential: Credential | null;
  readonly allowedSources: readonly Ipv4Prefix[];
  readonly allowedRegions: readonly string[];
}

/** A voice application of an account. `inbound` is null while inbound SIP calls are off. */
export interface VoiceApplication {
  readonly applicationId: string;
  readonly accountId: string;
  readonly profile: ApplicationProfile;
  readonly inbound: InboundSip | null;
}

/** The hashes of a new password, for both user names a caller may authenticate as. */
export function credentialOf(
  applicationId: string,
  uriUser: string,
  realm: string,
  password: string,
): Credential {
  return {
    applicationId: ha1Of(applicationId, realm, password),
    uriUser: ha1Of(uriUser, realm, password),
  };
}
