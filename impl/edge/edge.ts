import { hkdfSync } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

import { systemClock } from '../runtime/clock.ts';
import type { Clock } from '../runtime/clock.ts';
import type { DigestAlgorithmName } from '../sip/digest.ts';
import type { Listener } from '../sip/listener.ts';
import { systemRandom } from '../runtime/random.ts';
import type { Random } from '../runtime/random.ts';
import { TimerWheel } from '../runtime/timer_wheel.ts';
import type { UdpTransport } from '../sip/transport_udp.ts';
import type { Endpoint, TransportUser } from '../sip/transport.ts';
import type { InboundDirectory } from '../store/model/inbound_settings.ts';
import type { DialogTable } from './dialog.ts';
import { EdgeError, listenError } from './edge_error.ts';
import type { EdgeCounters, EdgeLog } from './edge_log.ts';
import { edgeSamples } from './edge_metrics.ts';
import type { Sample } from '../observe/metric.ts';
import { REAL_EDGE_PARTS } from './edge_parts.ts';
import type { EdgeParts } from './edge_parts.ts';
import { DEFAULT_OVERLOAD_LIMITS, Overload } from './overload.ts';
import type { OverloadLimits } from './overload.ts';
import { OwnAddresses } from './own_address.ts';
import { Proxy } from './proxy.ts';
import { Receiver } from './receiver.ts';
import { RouteTokens } from './route_token.ts';
import { SiblingFrames } from './sibling_frame.ts';
import { Siblings } from './siblings.ts';
import { TrafficCounts } from './traffic_counts.ts';

const ISSUER_OCTETS = 4;
const MIN_NONCE_KEY_OCTETS = 16;
const DEFAULT_DRAIN_MS = 5000;
const MICROSECONDS = 1000;

/** How an edge runs. */
export interface EdgeOptions {
  /** The IPv4 address callers reach it at, not 0.0.0.0: Via and Record-Route name it. Port 0: the kernel's choice. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Realm of its challenges, and the SIP domain. */
  readonly realm: string;
  /** The voice platform: an IPv4 address, or a name that is looked up once, at the start. */
  readonly nextHop: { readonly host: string; readonly port: number };
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
   * Where this edge is one of several that share the address: the port on which the call flow reaches this one alone,
   * which makes requests of the callee come where the dialog and the caller's connection are. 0: the kernel's choice.
   */
  readonly worker?: { readonly innerPort: number };
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: EdgeLog;
  /** What is to be other than it is. */
  readonly parts?: Partial<EdgeParts>;
}

/** A running edge. */
export interface Edge {
  readonly address: { readonly host: string; readonly port: number };
  /** The port on which the call flow reaches it: its own where it is a worker, else the address's. */
  readonly innerPort: number;
  readonly counters: Readonly<EdgeCounters>;
  /** How much it holds in memory at this moment. */
  occupancy(): { readonly transactions: number; readonly dialogs: number; readonly timers: number };
  /** Its figures at this moment, by the names of EDGE_METRICS. */
  samples(): Sample[];
  /**
   * These are the inner ports of all that share the address now, its own included; `dealtAnew`: they were others
   * before, so that packets may come to another than the one that has their transaction.
   */
  siblingsAre(ports: readonly number[], dealtAnew: boolean): void;
  /**
   * Takes no more calls (503 with Retry-After), lets the others go on until they have ended, cancels what is still
   * being set up after `drainMs`, and closes. A second call waits for the first.
   */
  stop(): Promise<void>;
}

/** Starts the signaling tier. Rejects with an EdgeError that names what is wrong and the mend. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  checkOptions(options);
  const { clock = systemClock, random = systemRandom, log = () => undefined, realm } = options;
  const parts: EdgeParts = { ...REAL_EDGE_PARTS, ...options.parts };
  const nextHop = await nextHopEndpoint(options.nextHop);
  const receiver = new Receiver(random, log);
  const wheel = new TimerWheel(clock, (error) => receiver.faulted(error));
  const sockets = await openSockets(options, parts, { peer: nextHop, user: receiver, wheel });
  const { outer, inner, core } = sockets;
  const own = new OwnAddresses([outer, inner, core], realm);
  const issuer = options.worker === undefined ? undefined : random.bytes(ISSUER_OCTETS);
  const nonces = new parts.NonceIssuer(options.nonce.key, options.nonce.lifetimeMs, random, issuer);
  const nonceCounts = new parts.NonceCounts(options.nonce.lifetimeMs, clock.wall());
  const loops = new parts.LoopGuard(
    derivedKey(options.nonce.key, 'loop'),
    random.bytes(6).toString('hex'),
    inner.port,
    own,
  );
  const dialogs = new parts.DialogTable(wheel, nextHop.address);
  const overload = new Overload(clock, options.overload ?? DEFAULT_OVERLOAD_LIMITS);
  const wayOn = { endpoint: nextHop, transport: core };
  const routing = new parts.DialogRouting({
    own,
    dialogs,
    tokens: new RouteTokens(derivedKey(options.nonce.key, 'in-dialog route')),
    nextHop: wayOn,
    outer: { UDP: outer.udp, TCP: outer.tcp },
    inner,
  });
  const regionOf = options.regionOf.bind(options);
  const traffic = new TrafficCounts();
  const proxy = new Proxy({
    parts,
    wheel,
    random,
    view: { realm, directory: options.directory, regionOf, loops, nonces, nonceCounts },
    challenges: {
      realm,
      algorithms: options.algorithms ?? ['MD5'],
      newNonce: () => nonces.issue(clock.wall()),
    },
    nonceCounts,
    overload,
    loops,
    dialogs,
    routing,
    own,
    nextHop: wayOn,
    now: () => clock.wall(),
    counters: receiver.counters,
    traffic,
    endedElsewhere: (key) => siblings?.dialogEnded(key),
    log: options.logsDecisions === true ? log : undefined,
  });
  const siblingKey = derivedKey(options.nonce.key, 'siblings');
  const siblings =
    options.worker &&
    new Siblings({
      frames: new SiblingFrames(siblingKey, inner.port, clock.wall() * MICROSECONDS),
      loops,
      inner,
      outer: outer.udp,
      proxy,
      wheel,
      clock,
      counters: receiver.counters,
      faulted: (error) => receiver.faulted(error),
    });
  receiver.serve(proxy, core, siblings);

  const occupancy = () => ({
    transactions: proxy.transactions.size,
    dialogs: dialogs.size,
    timers: wheel.running,
  });
  const samples = () =>
    edgeSamples({
      traffic,
      counters: receiver.counters,
      tcp: outer.tcp,
      occupancy: occupancy(),
      lagMs: overload.lagMs,
      process: processUsage(),
    });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    proxy.stopAccepting();
    await endedWithin(proxy, dialogs, clock, options.drainMs ?? DEFAULT_DRAIN_MS);
    proxy.cancelAll();
    siblings?.stop();
    overload.stop();
    wheel.stopAll();
    await sockets.close();
    log({ level: 'info', event: 'sip.stopped', ...receiver.counters });
  };
  return {
    address: { host: outer.address, port: outer.port },
    innerPort: inner.port,
    counters: receiver.counters,
    occupancy,
    samples,
    siblingsAre: (ports, dealtAnew) => siblings?.siblingsAre(ports, dealtAnew),
    stop: () => (stopped ??= stop()),
  };
}

function processUsage(): { cpuMicros: number; residentOctets: number } {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, residentOctets: process.memoryUsage.rss() };
}

/** A key of its own for each purpose, the same wherever the nonce key is the same. */
function derivedKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}

function checkOptions({ listen: at, realm, nonce, nextHop }: EdgeOptions): void {
  if (!isIPv4(at.host) || at.host === '0.0.0.0') {
    throw new EdgeError('EDGE_LISTEN_ADDRESS', at.host, at);
  }
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(realm)) throw new EdgeError('EDGE_REALM', JSON.stringify(realm));
  if (nonce.key.length < MIN_NONCE_KEY_OCTETS) throw new EdgeError('EDGE_NONCE_KEY', 'nonce.key');
  if (!Number.isInteger(nextHop.port) || nextHop.port < 1 || nextHop.port > 65_535) {
    throw new EdgeError('EDGE_NEXT_HOP', `${nextHop.host}:${nextHop.port}`, nextHop);
  }
}

async function nextHopEndpoint(nextHop: EdgeOptions['nextHop']): Promise<Endpoint> {
  if (isIPv4(nextHop.host)) return { address: nextHop.host, port: nextHop.port };
  try {
    const { address } = await lookup(nextHop.host, { family: 4 });
    return { address, port: nextHop.port };
  } catch (cause) {
    throw new EdgeError('EDGE_NEXT_HOP', `${nextHop.host}:${nextHop.port}`, nextHop, cause);
  }
}

/** The sockets of an edge. */
interface Sockets {
  /** Where callers reach it. */
  readonly outer: Listener;
  /** Where the call flow reaches it. */
  readonly inner: UdpTransport;
  /** The way to the next hop, which hears when nobody is there. */
  readonly core: UdpTransport;
  close(): Promise<void>;
}

async function openSockets(
  { listen: { host, port }, worker }: EdgeOptions,
  { listen, bindUdp }: EdgeParts,
  {
    peer,
    user,
    wheel,
  }: { readonly peer: Endpoint; readonly user: TransportUser; readonly wheel: TimerWheel },
): Promise<Sockets> {
  await using opening = new AsyncDisposableStack();
  const opened = async <Socket extends { close(): Promise<void> }>(
    socket: Promise<Socket>,
    at: { host: string; port: number },
  ): Promise<Socket> => {
    try {
      return opening.adopt(await socket, (open) => open.close());
    } catch (cause) {
      throw listenError(cause, at);
    }
  };
  const reusePort = worker !== undefined;
  const core = await opened(bindUdp({ address: host, port: 0, peer }, user), { host, port: 0 });
  const innerPort = worker?.innerPort;
  const inner =
    innerPort === undefined
      ? undefined
      : await opened(bindUdp({ address: host, port: innerPort }, user), { host, port: innerPort });
  // Last: from its opening on packets come, and where the port is shared, packets that others would have got.
  const outer = await opened(listen({ address: host, port, reusePort }, user, wheel), { host, port });
  const open = opening.move();
  return { outer, inner: inner ?? outer.udp, core, close: () => open.disposeAsync() };
}

/** Resolves when every request has its answer and every dialog its end, at the latest after `limitMs`. */
async function endedWithin(proxy: Proxy, dialogs: DialogTable, clock: Clock, limitMs: number): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const stopWaiting = clock.repeat(limitMs, resolve);
  // What is being set up may become a dialog, and a dialog's end is a request that is still to be answered.
  const ended = async (): Promise<void> => {
    await proxy.transactions.whenAnswered();
    await dialogs.whenEmpty();
    await proxy.transactions.whenAnswered();
  };
  await Promise.race([ended(), deadline]);
  stopWaiting();
}
