import { z } from 'zod';

import { formatIpv4Prefix } from '../net/ipv4_prefix.ts';
import {
  CALLBACK_METHODS,
  type ApplicationProfile,
  type VoiceApplication,
} from '../store/model/voice_application.ts';

const MAX_URL_LENGTH = 2048;
/** More regions than any service has, yet few enough to bound the errors of one answer. */
const MAX_REGIONS = 100;

/** A lone surrogate has no UTF-8 (RFC 8259 section 8.2): the store would keep another text than was sent (rule app.text). */
const text = z.string().refine((value) => value.isWellFormed(), {
  error: 'must be Unicode text, but holds a lone surrogate',
  abort: true,
});
const callbackUrl = text
  .max(MAX_URL_LENGTH)
  .refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url), {
    error: 'must be an absolute http or https URL',
  })
  .describe('An absolute http or https URL.');
const callbackMethod = z.enum(CALLBACK_METHODS);
const callbackCreds = z.strictObject({
  userId: text.min(1).max(1024),
  password: text.min(1).max(1024),
});

const applicationName = text.trim().min(1).max(255);
const callbackTimeout = z.int().min(1).max(25).describe('Seconds a webhook may take.');

/** Body of POST. Inbound SIP is set by PATCH once the application exists. */
export const newApplicationSchema = z.strictObject({
  applicationName,
  callInitiatedCallbackUrl: callbackUrl,
  callInitiatedMethod: callbackMethod.default('POST'),
  callInitiatedFallbackUrl: callbackUrl.nullable().default(null),
  callInitiatedFallbackMethod: callbackMethod.default('POST'),
  callInitiatedFallbackCreds: callbackCreds.nullable().default(null),
  callStatusCallbackUrl: callbackUrl.nullable().default(null),
  callStatusMethod: callbackMethod.default('POST'),
  callbackCreds: callbackCreds.nullable().default(null),
  callbackTimeout: callbackTimeout.default(15),
});

/** Body of PATCH: checks types and unknown fields. applyPatch checks the values of inbound SIP. */
export const applicationPatchSchema = z.strictObject({
  applicationName: applicationName.optional(),
  callInitiatedCallbackUrl: callbackUrl.optional(),
  callInitiatedMethod: callbackMethod.optional(),
  callInitiatedFallbackUrl: callbackUrl.nullable().optional(),
  callInitiatedFallbackMethod: callbackMethod.optional(),
  callInitiatedFallbackCreds: callbackCreds.nullable().optional(),
  callStatusCallbackUrl: callbackUrl.nullable().optional(),
  callStatusMethod: callbackMethod.optional(),
  callbackCreds: callbackCreds.nullable().optional(),
  callbackTimeout: callbackTimeout.optional(),
  inboundSipCallsEnabled: z.boolean().optional(),
  passwordAuthEnabled: z
    .boolean()
    .optional()
    .describe('true makes a new password, even if there is one already.'),
  allowedSourceIps: z.array(z.string()).optional().describe('Replaces the whole list.'),
  allowedRegions: z.array(z.string()).max(MAX_REGIONS).optional().describe('Replaces the whole list.'),
});

const shownCreds = z.object({ userId: z.string() }).nullable();

/** An application as every answer shows it. */
export const applicationSchema = z.object({
  applicationId: z.string(),
  applicationName: z.string(),
  callInitiatedCallbackUrl: z.string(),
  callInitiatedMethod: callbackMethod,
  callInitiatedFallbackUrl: z.string().nullable(),
  callInitiatedFallbackMethod: callbackMethod,
  callInitiatedFallbackCreds: shownCreds,
  callStatusCallbackUrl: z.string().nullable(),
  callStatusMethod: callbackMethod,
  callbackCreds: shownCreds,
  callbackTimeout: z.int(),
  sipUri: z.string().nullable(),
  inboundSipCallsEnabled: z.boolean(),
  passwordAuthEnabled: z.boolean(),
  allowedSourceIps: z.array(z.string()),
  allowedRegions: z.array(z.string()),
});

/** The answer to a PATCH, the only one that may carry a password. */
export const patchedApplicationSchema = applicationSchema.extend({
  sipAuthPassword: z.string().optional().describe('Shown this once, after enabling or rotating.'),
});

/** An application as every answer shows it. */
export type ApplicationView = z.infer<typeof applicationSchema>;

/** What an answer shows of an application. `domain` is the host of its SIP URI. */
export function applicationView(application: VoiceApplication, domain: string): ApplicationView {
  const { applicationId, profile, inbound } = application;
  return {
    applicationId,
    ...profileView(profile),
    sipUri: inbound === null ? null : `sip:${inbound.uriUser}@${domain}`,
    inboundSipCallsEnabled: inbound !== null,
    passwordAuthEnabled: inbound !== null && inbound.credential !== null,
    allowedSourceIps: inbound?.allowedSources.map(formatIpv4Prefix) ?? [],
    allowedRegions: [...(inbound?.allowedRegions ?? [])],
  };
}

function profileView(profile: ApplicationProfile) {
  const { callInitiatedFallbackCreds: fallback, callbackCreds: creds } = profile;
  return {
    ...profile,
    callInitiatedFallbackCreds: fallback === null ? null : { userId: fallback.userId },
    callbackCreds: creds === null ? null : { userId: creds.userId },
  };
}
