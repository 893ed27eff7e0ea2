import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { CaptureError } from './capture_error.ts';
import { type MarkerSocket, openMarkerSocket, uniqueMarker } from './marker.ts';

/** What to capture, and where to write it. */
export interface CaptureOptions {
  /** The interface to capture on. It must carry 127.0.0.1, as `lo` and `any` do. */
  readonly interface: string;
  /** The file to write, in libpcap format; an existing one is replaced. */
  readonly file: string;
  /** Which packets, in libpcap's language (pcap-filter); absent: all. */
  readonly filter?: string;
}

/** The packets of a capture that has ended, by dumpcap's own count. */
export interface CaptureCount {
  /** Packets that were captured. */
  readonly packets: number;
  /** Packets that were seen and lost. With any, the capture is no witness. */
  readonly dropped: number;
}

/** A running capture. */
export interface Capture {
  readonly file: string;
  /**
   * Ends the capture once everything that was on the wire is in the file. A second call gives the same answer.
   * @throws CaptureError `capture-ended` if dumpcap had ended by itself, `capture-stalled` if it no longer writes.
   */
  stop(): Promise<CaptureCount>;
}

/** No verdict depends on these. */
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 10;

/** The kernel's ring, in MiB: 32 quarter-second blocks can be filled before a packet is lost. */
const RING_MIB = '8';

/**
 * Captures packets with dumpcap, in a process group of its own so that Ctrl-C reaches us first. Resolves once packets
 * really are captured, that is when a marker of ours is in the file.
 * @throws CaptureError when the capture cannot be made.
 */
export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const output = await open(options.file, 'w+').catch((cause: unknown) => {
    throw new CaptureError('capture-file', `The capture file ${options.file} cannot be written.`, { cause });
  });
  // With the file as its stdout, dumpcap believes in a pipe: it flushes at once, and no thread of ours stands between
  // the kernel and the file.
  const filter = options.filter === undefined ? [] : ['-f', options.filter];
  const child = spawn(
    'dumpcap',
    ['-q', '-i', options.interface, ...filter, '-P', '-B', RING_MIB, '-w', '-'],
    {
      stdio: ['ignore', output.fd, 'pipe'],
      detached: true,
    },
  );
  const dumpcap = new Dumpcap(child, options, output);
  try {
    await dumpcap.started();
  } catch (error) {
    await dumpcap.release();
    throw error;
  }
  return dumpcap;
}

class Dumpcap implements Capture {
  readonly file: string;
  readonly #child: ChildProcess;
  readonly #interface: string;
  readonly #output: FileHandle;
  readonly #ended: Promise<void>;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');
  #report = '';
  #spawnError: NodeJS.ErrnoException | undefined;
  #hasEnded = false;
  #stopped: Promise<CaptureCount> | undefined;

  constructor(child: ChildProcess, options: CaptureOptions, output: FileHandle) {
    this.file = options.file;
    this.#child = child;
    this.#interface = options.interface;
    this.#output = output;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#report += text;
    });
    child.on('error', (error) => {
      this.#spawnError = error;
    });
    this.#ended = once(child, 'close').then(
      () => void (this.#hasEnded = true),
      () => void (this.#hasEnded = true),
    );
    process.once('exit', this.#kill);
  }

  /** Resolves when a marker sent after the start is in the file. */
  async started(): Promise<void> {
    await this.#passMarker(START_TIMEOUT_MS);
  }

  stop(): Promise<CaptureCount> {
    this.#stopped ??= this.#stopAndRelease();
    return this.#stopped;
  }

  async #stopAndRelease(): Promise<CaptureCount> {
    try {
      return await this.#stop();
    } finally {
      await this.release();
    }
  }

  /** Kills what still runs and closes the file. */
  async release(): Promise<void> {
    process.off('exit', this.#kill);
    if (!this.#hasEnded) this.#kill();
    await this.#ended;
    await this.#output.close();
  }

  async #stop(): Promise<CaptureCount> {
    // The signal loses what is still in the ring. After this marker, nothing that matters is.
    await this.#passMarker(STOP_TIMEOUT_MS);
    this.#child.kill('SIGTERM');
    const timeout = new AbortController();
    const late = delay(STOP_TIMEOUT_MS, true, { signal: timeout.signal }).catch(() => false);
    const tooLate = await Promise.race([this.#ended.then(() => false), late]);
    timeout.abort();
    if (tooLate) throw this.#stalled(`dumpcap did not end within ${STOP_TIMEOUT_MS} ms of SIGTERM`);
    const count = readCount(this.#report);
    if (count === undefined) throw this.#endedError();
    return count;
  }

  /** Waits until a marker is in the file. Sends one per poll: the first may precede the capture, or be dropped. */
  async #passMarker(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const marker = uniqueMarker();
    const { size: from } = await this.#output.stat();
    let socket: MarkerSocket | undefined;
    try {
      socket = await openMarkerSocket();
      for (;;) {
        if (this.#hasEnded) throw this.#endedError();
        await socket.send(marker);
        if (await this.#contains(marker, from)) return;
        if (performance.now() > deadline) {
          throw this.#stalled(`a datagram to 127.0.0.1 was not captured within ${timeoutMs} ms`);
        }
        await delay(POLL_MS);
      }
    } catch (error) {
      if (error instanceof CaptureError) throw error;
      const message = `No datagram can be sent to 127.0.0.1: is lo up? (ip link set lo up)`;
      throw new CaptureError('interface-unusable', message, { cause: error });
    } finally {
      socket?.close();
    }
  }

  async #contains(marker: string, from: number): Promise<boolean> {
    const { size } = await this.#output.stat();
    if (size <= from) return false;
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await this.#output.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead).includes(marker);
  }

  #stalled(what: string): CaptureError {
    const message = `The capture on ${this.#interface} stalled: ${what}. Does ${this.#interface} carry 127.0.0.1, and is it the one of this network namespace?`;
    return new CaptureError('capture-stalled', message);
  }

  #endedError(): CaptureError {
    return this.#spawnError === undefined
      ? endedError(this.#interface, this.#report)
      : spawnError(this.#spawnError);
  }
}

function spawnError(cause: NodeJS.ErrnoException): CaptureError {
  if (cause.code === 'ENOENT') {
    const message = 'dumpcap is not on the PATH: apt-get install wireshark-common.';
    return new CaptureError('dumpcap-missing', message, { cause });
  }
  const message = `dumpcap cannot be run (${cause.code ?? cause.message}): on Debian it may be for the group wireshark alone; join it (usermod -a -G wireshark), or dpkg-reconfigure wireshark-common.`;
  return new CaptureError('dumpcap-not-executable', message, { cause });
}

/** The error for what dumpcap 4.0 says on stderr when it gives up. */
function endedError(name: string, report: string): CaptureError {
  const said = report
    .split(/[\r\n]+/)
    .find((line) => line.startsWith('dumpcap: '))
    ?.slice('dumpcap: '.length);
  if (/permission|Operation not permitted/i.test(report)) {
    return new CaptureError(
      'capture-not-permitted',
      `dumpcap may not capture on ${name}: run in a network namespace of our own (unshare --user --map-root-user --net), or give dumpcap the right (dpkg-reconfigure wireshark-common, then join the group wireshark).`,
    );
  }
  if (/no device|not up|No such device/i.test(report)) {
    return new CaptureError(
      'interface-unusable',
      `dumpcap cannot capture on ${name}: ${said ?? 'it is not there'}. Is it up? (ip link set ${name} up)`,
    );
  }
  return new CaptureError(
    'capture-ended',
    `dumpcap on ${name} ended by itself: ${said ?? 'it gave no reason'}. What it captured up to then is in the file.`,
  );
}

/** `Packets received/dropped on interface 'lo': 145/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)`. */
function readCount(report: string): CaptureCount | undefined {
  const found = /received\/dropped on interface .*: (\d+)\/\d+ \(pcap:(\d+)\/dumpcap:(\d+)\//.exec(report);
  if (found === null) return undefined;
  // `flushed` is left out: it counts what came after our last marker.
  return { packets: Number(found[1]), dropped: Number(found[2]) + Number(found[3]) };
}
