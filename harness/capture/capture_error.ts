import { HarnessError } from '../verdict.ts';

/** What kind of failure a CaptureError is. */
export type CaptureErrorCode =
  | 'dumpcap-missing'
  | 'dumpcap-not-executable'
  | 'capture-not-permitted'
  | 'interface-unusable'
  | 'capture-file'
  | 'capture-ended'
  | 'capture-stalled';

/** The capture cannot be made, or cannot be trusted. The message names the place and the mend. */
export class CaptureError extends HarnessError {
  readonly code: CaptureErrorCode;

  constructor(code: CaptureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
