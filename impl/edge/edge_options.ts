import { isIPv4 } from 'node:net';

import type { Log } from '../observe/log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { DigestAlgorithmName } from '../sip/digest.ts';
import type { InboundDirectory } from '../store/model/inbound_settings.ts';
import { EdgeError } from './edge_error.ts';
import type { EdgeParts } from './edge_parts.ts';
import type { OverloadLimits } from './overload.ts';

const MIN_NONCE_KEY_OCTETS = 16;

/** How an edge runs. */
export interface EdgeOptions {
  /** The IPv4 address callers reach it at, not 0.0.0.0: Via and Record-Route name it. Port 0: the kernel's choice. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Realm of its challenges, and the SIP domain. */
  readonly realm: string;
  /** The voice platform: an IPv4 address, or a name that is looked up once, at the start. */
  readonly platform: { readonly host: string; readonly port: number };
  readonly directory: InboundDirectory;
  /** Region of a source address (unsigned 32 bit); undefined where it is of no known region. */
  regionOf(source: number): string | undefined;
  /** Key of 16 octets or more; edges that share it accept each other's nonces. */
  readonly nonce: { readonly key: Buffer; readonly lifetimeMs: number };
  /** What challenges offer, preferred first; MD5 alone where left out, as many clients fail on any other. */
  readonly algorithms?: readonly DigestAlgorithmName[];
  /** How long `stop` lets calls go on, those being set up and those established; 5 s where left out. */
  readonly drainMs?: number;
  /** When new calls are refused with 503. */
  readonly overload?: OverloadLimits;
  /** Whether each decision is a line of the log, with its reason; they are counted in any case. */
  readonly logsDecisions?: boolean;
  /**
   * Where this edge is one of several that share the address: the port on which the voice platform reaches this one alone,
   * which makes requests of the callee come where the dialog and the caller's connection are. 0: the kernel's choice.
   */
  readonly worker?: { readonly innerPort: number };
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** Parts to replace; the real ones where left out. */
  readonly parts?: Partial<EdgeParts>;
}

/** Throws an EdgeError for what can be seen to be wrong before anything is opened. */
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
