import { SippError, startSipp, type SippProcess } from 'sipp-ts-wrapper';

import { HarnessError } from '../../harness/verdict.ts';
import { STAND_IN } from '../../harness/witnesses/voice_platform.ts';
import { HOST } from './ports.ts';

/** Starts the SIPp that stands for the voice platform. Rejects with a HarnessError where it cannot. */
export async function startPlatform(port: number): Promise<SippProcess> {
  try {
    return await startSipp({
      ...STAND_IN,
      local: { address: HOST, port },
      trace: { messages: false, logs: false },
    });
  } catch (error) {
    throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
  }
}
