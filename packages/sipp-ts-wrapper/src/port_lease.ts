import { createSocket } from 'node:dgram';
import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, unlinkSync, writeSync } from 'node:fs';
import { createServer, isIPv6 } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

import { errno } from './errno.ts';
import { SippError } from './sipp_error.ts';

/**
 * The ports of one SIPp process. SIPp binds its media ports (audio, and video two above) and its control port even if
 * it does not use them, so each process needs its own.
 */
export interface PortLease {
  sip: number;
  /** UDP on 127.0.0.1. */
  control: number;
  /** Even; audio, with video at `media + 2`. */
  media: number;
  /** Gives the ports back; safe to call twice, and on process exit. */
  release: () => void;
}

/** Leased ports lie below the range of ephemeral ports (Linux from 32768, macOS from 49152). */
const FIRST_PORT = 10_000;
const BLOCK = 8;
const BLOCKS = 2_500;

/** The range of ports that can be leased. */
export const LEASED_PORTS = { first: FIRST_PORT, last: FIRST_PORT + BLOCK * BLOCKS - 1 } as const;

/** The network namespace, since each has ports and so leases of its own. Empty where the system has no namespaces. */
const NAMESPACE = networkNamespace();
/** A lease's content, which identifies its holder: the process's id and, since ids are reused, when it began. */
const HOLDER = `${process.pid} ${beginning(process.pid) ?? ''}`;

/** Spreads processes and threads over the range, so that their first tries seldom meet. */
let next = (process.pid * 97 + threadId * 31) % BLOCKS;

/**
 * Leases free ports on `address`. A lease is a file created exclusively in the system's temporary folder, so this
 * user's processes and threads never get the same ports of a network. Binding each port then shows whether another
 * program has it. Leases of dead processes are taken over.
 * @param from where the search begins, one of `LEASED_PORTS`; default: after the previous lease
 * @throws {SippError} ADDRESS_UNAVAILABLE, PORT_IN_USE where no block of ports is free.
 */
export async function leasePorts(address: string, from?: number): Promise<PortLease> {
  const folder = join(tmpdir(), `sipp-port-leases-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const block = from === undefined ? next : (Math.floor((from - FIRST_PORT) / BLOCK) + tried) % BLOCKS;
    if (from === undefined) next = (next + 1) % BLOCKS;
    const file = join(folder, `${NAMESPACE}${block}`);
    if (!create(file) && !(reclaim(file) && create(file))) continue;
    const base = FIRST_PORT + block * BLOCK;
    let held = true;
    const release = () => {
      if (held) remove(file);
      held = false;
    };
    const lease: PortLease = { sip: base, control: base + 1, media: base + 2, release };
    try {
      if (await areFree(lease, address)) return lease;
    } catch (failure) {
      release();
      throw failure;
    }
    release();
  }
  throw new SippError(
    'PORT_IN_USE',
    `no free ports on ${address} from ${FIRST_PORT} on; stop some SIPp processes`,
  );
}

function networkNamespace(): string {
  try {
    return `${readlinkSync('/proc/self/ns/net').replaceAll(/\D/g, '')}-`;
  } catch {
    return '';
  }
}

/**
 * When a process began, in ticks since the machine booted. Undefined where the system does not say, or where /proc is
 * that of another namespace.
 */
function beginning(pid: number): string | undefined {
  try {
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22 (proc(5)), counted from behind field 2: that is a name in parentheses and may have blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Creates the lease file, which names us; false where it exists. */
function create(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, HOLDER);
    closeSync(descriptor);
    return true;
  } catch (failure) {
    if (errno(failure) === 'EEXIST') return false;
    throw failure;
  }
}

/**
 * Removes the lease of a dead process. It needs a lock: of two processes that see the dead lease, the second would
 * otherwise remove the new lease of the first.
 */
function reclaim(file: string): boolean {
  if (isAlive(file)) return false;
  const lock = `${file}.reclaim`;
  if (!create(lock)) {
    // The lock is held for a few system calls. If its holder dies, the block stays unused until the next reboot.
    return false;
  }
  const stale = !isAlive(file);
  if (stale) remove(file);
  remove(lock);
  return stale;
}

function isAlive(file: string): boolean {
  let holder: string;
  try {
    holder = readFileSync(file, 'utf8');
  } catch {
    return true;
  }
  const [, pid, began = ''] = /^(\d+)(?: (\d*))?$/.exec(holder) ?? [];
  // A file that names no process is being written at this moment.
  if (pid === undefined) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (failure) {
    return errno(failure) !== 'ESRCH';
  }
  const begins = beginning(Number(pid));
  return began === '' || begins === undefined || begins === began;
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}

async function areFree({ sip, control, media }: PortLease, address: string): Promise<boolean> {
  const failures = await Promise.all([
    bindUdp(sip, address),
    bindTcp(sip, address),
    bindUdp(control, '127.0.0.1'),
    bindUdp(media, address),
    bindUdp(media + 2, address),
  ]);
  for (const failure of failures) {
    if (failure === undefined || failure.code === 'EADDRINUSE' || failure.code === 'EACCES') continue;
    throw unavailable(address, failure.code);
  }
  return failures.every((failure) => failure === undefined);
}

/** The error for an address that cannot be bound. */
export function unavailable(address: string, reason: string | undefined): SippError {
  return new SippError(
    'ADDRESS_UNAVAILABLE',
    `${address} cannot be bound (${reason ?? 'unknown reason'}): give an address of this machine as local.address`,
  );
}

function bindUdp(port: number, address: string): Promise<NodeJS.ErrnoException | undefined> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', (failure) => {
      socket.close(() => resolve(failure));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.close(() => resolve(undefined));
    });
  });
}

function bindTcp(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => resolve(undefined));
    });
  });
}
