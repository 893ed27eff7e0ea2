import { join } from 'node:path';

import { startCapture } from '../capture/dumpcap.ts';
import { openCapture, type CaptureReader } from '../capture/reader.ts';
import { STRANGERS } from '../lab/addresses.ts';
import type { Place } from '../target/descriptor.ts';
import { resultsOf } from '../traffic/exchange.ts';
import type { Witness } from './witness.ts';

/** More packets of a scenario than this help no reader. */
const MOST_MESSAGES = 500;

interface CaptureFacts {
  /** It grows while the run lasts. */
  readonly file: string;
}

/**
 * What is worth a packet: not floods, and not the API, whose bodies of 12 MiB would cost packets that count.
 *
 * @returns an expression of pcap-filter
 */
export function witnessed({ api }: Pick<Place, 'api'>): string {
  const urls = [api.baseUrl, api.tokenUrl].map((url) => new URL(url));
  const ends = urls.map(
    ({ hostname, port, protocol }) =>
      `(host ${hostname} and tcp port ${port || (protocol === 'https:' ? 443 : 80)})`,
  );
  return [`net ${STRANGERS}`, ...new Set(ends)].map((left) => `not ${left}`).join(' and ');
}

/** The packets of the lab. They confirm or refute what the programs at both ends say. */
export const capture: Witness<CaptureFacts, CaptureReader> = {
  name: 'the capture',

  async start({ place, placeName, folder, onProgress }) {
    if (placeName !== 'lab')
      return {
        absent: `no packets can be captured in the place "${placeName}": SIPp's word stands alone`,
      };
    onProgress('starting the capture');
    const file = join(folder, 'run.pcap');
    const packets = await startCapture({ interface: 'lo', file, filter: witnessed(place) });
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
