import { SippError, startSipp, type SippProcess } from 'sipp-ts-wrapper';

import { HarnessError } from '../../harness/verdict.ts';
import { HOST } from './ports.ts';

/** How the voice platform's stand-in answers. */
export const PLATFORM_SCENARIO = 'scenarios/sip/voice-platform.xml';

/** Starts the SIPp that stands for the voice platform. Rejects with a HarnessError where it cannot. */
export async function startPlatform(port: number): Promise<SippProcess> {
  try {
    return await startSipp({
      scenario: PLATFORM_SCENARIO,
      local: { address: HOST, port },
      calls: 'unbounded',
      trace: { messages: false, logs: false },
    });
  } catch (error) {
    throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
  }
}
