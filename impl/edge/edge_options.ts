import { isIPv4 } from 'node:net';

import type { Log } from '../observe/log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { DigestAlgorithmName } from '../sip/digest.ts';
import type { InboundDirectory } from '../store/model/inbound_settings.ts';
import { EdgeError } from './edge_error.ts';
import type { EdgeParts } from './edge_parts.ts';
import type { MemoryLimits } from './memory_limits.ts';

const MIN_NONCE_KEY_OCTETS = 16;

/** How an edge runs. */
export interface EdgeOptions {
  /** The IPv4 address callers reach it at, not 0.0.0.0: Via and Record-Route name it. Port 0: the kernel's choice. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The realm of its challenges. It is also the SIP domain. */
  readonly realm: string;
  /** The voice platform: an IPv4 address, or a name that is looked up once at the start. */
  readonly platform: { readonly host: string; readonly port: number };
  readonly directory: InboundDirectory;
  /** Region of a source address (unsigned 32 bit); undefined if its region is unknown. */
  regionOf(source: number): string | undefined;
  /** Key of 16 octets or more; edges that share it recognise each other's nonces, and accept only their own. */
  readonly nonce: { readonly key: Buffer; readonly lifetimeMs: number };
  /** What challenges offer, preferred first. Default: MD5 alone, as many clients fail on any other. */
  readonly algorithms?: readonly DigestAlgorithmName[];
  /** How long `stop` lets calls go on, established or still being set up. Default: 5000. */
  readonly drainMs?: number;
  /** How late the event loop may be before new calls are refused with 503, in milliseconds. Default: 400. */
  readonly maxLagMs?: number;
  /** What transactions may hold in memory. Default: parts of the heap. */
  readonly memory?: MemoryLimits;
  /** Whether each decision is logged with its reason. Decisions are counted in any case. */
  readonly logsDecisions?: boolean;
  /**
   * With several workers on the address: the port on which the voice platform reaches this one alone. So the callee's
   * requests come to the worker that has the dialog and the caller's connection. 0: the kernel's choice.
   */
  readonly worker?: { readonly innerPort: number };
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** Parts to replace (faults, tests). */
  readonly parts?: Partial<EdgeParts>;
}

/** Throws an EdgeError for an option that is wrong on its face, before any socket is opened. */
export function checkOptions({ listen: at, realm, nonce, platform }: EdgeOptions): void {
  if (!isIPv4(at.host) || at.host === '0.0.0.0') {
    throw new EdgeError('EDGE_LISTEN_ADDRESS', at.host, at);
  }
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(realm)) throw new EdgeError('EDGE_REALM', JSON.stringify(realm));
  if (nonce.key.length < MIN_NONCE_KEY_OCTETS) throw new EdgeError('EDGE_NONCE_KEY', 'nonce.key');
  if (!Number.isInteger(platform.port) || platform.port < 1 || platform.port > 65_535) {
    throw new EdgeError('EDGE_PLATFORM', `${platform.host}:${platform.port}`, platform);
  }
}
