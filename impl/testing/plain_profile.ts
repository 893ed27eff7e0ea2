import type { ApplicationProfile } from '../store/model/voice_application.ts';

/** For tests: a profile with a name and a webhook, and defaults for the rest. */
export function plainProfile(applicationName: string): ApplicationProfile {
  return {
    applicationName,
    callInitiatedCallbackUrl: 'https://app.example/initiate',
    callInitiatedMethod: 'POST',
    callInitiatedFallbackUrl: null,
    callInitiatedFallbackMethod: 'POST',
    callInitiatedFallbackCreds: null,
    callStatusCallbackUrl: null,
    callStatusMethod: 'POST',
    callbackCreds: null,
    callbackTimeout: 15,
  };
}
