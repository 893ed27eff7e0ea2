import { join } from 'node:path';

import { startCapture } from '../capture/dumpcap.ts';
import { openCapture, type CaptureReader } from '../capture/reader.ts';
import { STRANGERS } from '../lab/addresses.ts';
import { resultsOf } from '../traffic/exchange.ts';
import type { Witness } from './witness.ts';

/** More packets of a scenario than this help no reader. */
const MOST_MESSAGES = 500;

interface CaptureFacts {
  /** It grows while the run lasts. */
  readonly file: string;
}

/** The packets of the lab. They confirm or refute what the programs at both ends say. */
export const capture: Witness<CaptureFacts, CaptureReader> = {
  name: 'the capture',

  async start({ placeName, folder, onProgress }) {
    if (placeName !== 'lab')
      return {
        absent: `no packets can be captured in the place "${placeName}": SIPp's word stands alone`,
      };
    onProgress('starting the capture');
    const file = join(folder, 'run.pcap');
    const packets = await startCapture({ interface: 'lo', file, except: STRANGERS });
    return {
      facts: { file: packets.file },
      async stop() {
        const { dropped } = await packets.stop();
        return dropped > 0 ? `the capture lost ${dropped} packets` : undefined;
      },
    };
  },

  open: ({ file }) => openCapture(file),

  async evidence(reader, exchanges) {
    const called = resultsOf(exchanges, 'call').map(({ callId }) => callId);
    const written = resultsOf(exchanges, 'round')
      .flat()
      .flatMap(({ callIds }) => callIds);
    const callIds = [...called, ...written];
    if (callIds.length === 0) return [];
    const data = await reader.pcap(callIds, MOST_MESSAGES);
    return [{ fileName: 'packets.pcap', mediaType: 'application/vnd.tcpdump.pcap', data }];
  },
};
