import type { ApplicationProfile } from '../store/model/voice_application.ts';

/** For tests: the profile of an application of which nothing but a name and a webhook was ever set. */
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
