import { hkdfSync } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

import type { SocketAddress } from '../net/socket_address.ts';
import type { Sample } from '../observe/metric.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { KeyedHash } from '../runtime/keyed_hash.ts';
import { systemRandom } from '../runtime/random.ts';
import { SipEndpoint } from '../sip/endpoint.ts';
import { Branches } from './branches.ts';
import { SILENCE_MS, type DialogTable } from './dialog.ts';
import { zeroCounters, type EdgeCounters } from './edge_counters.ts';
import { EdgeError } from './edge_error.ts';
import { edgeSamples } from './edge_metrics.ts';
import { checkOptions, type EdgeOptions } from './edge_options.ts';
import { REAL_EDGE_PARTS, type EdgeParts } from './edge_parts.ts';
import { openSockets } from './edge_sockets.ts';
import { budgetsOf, defaultMemoryLimits } from './memory_limits.ts';
import { Overload } from './overload.ts';
import { OwnAddresses } from './own_address.ts';
import { Proxy } from './proxy.ts';
import { ISSUER_OCTETS as ROUTE_ISSUER_OCTETS, RouteTokens } from './route_token.ts';
import { SiblingFrames } from './sibling_frame.ts';
import { Siblings } from './siblings.ts';
import { TrafficCounts } from './traffic_counts.ts';

const DEFAULT_DRAIN_MS = 5000;
const MICROSECONDS = 1000;

/** A running edge. */
export interface Edge {
  readonly address: { readonly host: string; readonly port: number };
  /** The port on which the voice platform reaches it: a worker's own inner port, else the port of `address`. */
  readonly innerPort: number;
  readonly counters: Readonly<EdgeCounters>;
  /** How much it holds in memory now. */
  occupancy(): { readonly transactions: number; readonly dialogs: number; readonly timers: number };
  /** Its figures now, by the names of EDGE_METRICS. */
  samples(): Sample[];
  /**
   * Sets the inner ports of all workers that share the address, its own included. `dealtAnew` says that workers came or
   * went, so that packets may reach a worker that does not have their transaction.
   */
  siblingsAre(ports: readonly number[], dealtAnew: boolean): void;
  /**
   * Refuses new calls (503 with Retry-After), lets the others go on for up to `drainMs` (default: the option's), then
   * cancels those still being set up, and closes. A second `stop` waits for the first.
   */
  stop(drainMs?: number): Promise<void>;
}

/** Starts the signaling edge. Rejects with an EdgeError that says what is wrong and how to mend it. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  checkOptions(options);
  const { clock = systemClock, random = systemRandom, log = () => undefined, realm } = options;
  const parts: EdgeParts = { ...REAL_EDGE_PARTS, ...options.parts };
  const { key, lifetimeMs } = options.nonce;
  const platform = await platformEndpoint(options.platform);
  await using opening = new AsyncDisposableStack();
  const budgets = budgetsOf(options.memory ?? defaultMemoryLimits());
  const endpoint = opening.adopt(new SipEndpoint({ clock, random, log, budgets, parts }), (open) =>
    open.close(),
  );
  const { outer, inner, toPlatform } = await openSockets(endpoint, options, platform);
  const own = new OwnAddresses([outer, inner, toPlatform], realm);
  const counters = zeroCounters();
  const nonces = new parts.NonceIssuer(key, lifetimeMs, random);
  const nonceCounts = new parts.NonceCounts(lifetimeMs, clock.monotonic());
  const loopKey = derivedKey(key, 'loop');
  const branches = new Branches(loopKey, random.bytes(6).toString('hex'), inner.port);
  const loops = new parts.LoopGuard(loopKey, branches, own);
  const dialogs = new parts.DialogTable(endpoint.wheel, platform.address);
  const overload = new Overload(clock, options.maxLagMs);
  const platformEnd = { endpoint: platform, transport: toPlatform };
  const routing = new parts.DialogRouting({
    own,
    dialogs,
    tokens: new RouteTokens({
      key: derivedKey(key, 'in-dialog route'),
      issuer: random.bytes(ROUTE_ISSUER_OCTETS),
      lifetimeMs: SILENCE_MS,
      now: () => clock.wall(),
    }),
    platform: platformEnd,
    outer: { UDP: outer.udp, TCP: outer.tcp },
    inner,
  });
  const siblings =
    options.worker &&
    new Siblings({
      frames: new SiblingFrames(derivedKey(key, 'siblings'), inner.port, clock.wall() * MICROSECONDS),
      branches,
      inner,
      outer: outer.udp,
      transactions: endpoint.transactions,
      dialogs,
      own,
      routing,
      wheel: endpoint.wheel,
      clock,
      counters,
      caught: (error) => endpoint.caught(error),
    });
  const traffic = new TrafficCounts();
  const proxy = new Proxy({
    parts,
    transactions: endpoint.transactions,
    random,
    records: { directory: options.directory, regionOf: options.regionOf.bind(options) },
    view: { realm, own, loops, nonces, nonceCounts },
    challenges: {
      realm,
      algorithms: options.algorithms ?? ['MD5'],
      newNonce: () => nonces.issue(clock.monotonic()),
    },
    nonceCounts,
    statelessTags: new KeyedHash(derivedKey(key, 'stateless tag')),
    overload,
    branches,
    loops,
    dialogs,
    routing,
    own,
    platform: platformEnd,
    now: () => clock.monotonic(),
    counters,
    traffic,
    dialogEnded: (dialogKey) => siblings?.dialogEnded(dialogKey),
    log: options.logsDecisions === true ? log : undefined,
  });
  endpoint.serve(proxy, siblings);
  const open = opening.move();

  const occupancy = () => ({
    transactions: endpoint.transactions.size,
    dialogs: dialogs.size,
    timers: endpoint.wheel.running,
  });
  const counted = (): EdgeCounters => ({ ...endpoint.counters, ...counters });
  const samples = () =>
    edgeSamples({
      traffic,
      counters: counted(),
      tcp: outer.tcp,
      occupancy: occupancy(),
      lagMs: overload.lagMs,
      process: processUsage(),
    });
  let stopped: Promise<void> | undefined;
  const stop = async (drainMs: number): Promise<void> => {
    proxy.stopAccepting();
    await endedWithin(proxy, dialogs, clock, drainMs);
    proxy.cancelAll();
    siblings?.stop();
    overload.stop();
    await open.disposeAsync();
    log({ level: 'info', event: 'sip.stopped', ...counted() });
  };
  return {
    address: { host: outer.address, port: outer.port },
    innerPort: inner.port,
    get counters() {
      return counted();
    },
    occupancy,
    samples,
    siblingsAre: (ports, dealtAnew) => siblings?.siblingsAre(ports, dealtAnew),
    stop: (drainMs = options.drainMs ?? DEFAULT_DRAIN_MS) => (stopped ??= stop(drainMs)),
  };
}

function processUsage(): { cpuMicros: number; residentOctets: number } {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, residentOctets: process.memoryUsage.rss() };
}

/** A separate key for each purpose; edges with the same nonce key derive the same ones. */
function derivedKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}

async function platformEndpoint(platform: EdgeOptions['platform']): Promise<SocketAddress> {
  if (isIPv4(platform.host)) return { address: platform.host, port: platform.port };
  try {
    const { address } = await lookup(platform.host, { family: 4 });
    return { address, port: platform.port };
  } catch (cause) {
    throw new EdgeError('EDGE_PLATFORM', `${platform.host}:${platform.port}`, platform, cause);
  }
}

/** Resolves when every request is answered and every dialog has ended, at the latest after `limitMs`. */
async function endedWithin(proxy: Proxy, dialogs: DialogTable, clock: Clock, limitMs: number): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const stopWaiting = clock.repeat(limitMs, resolve);
  // A call being set up may become a dialog, and the BYE that ends a dialog must be answered too.
  const ended = async (): Promise<void> => {
    await proxy.transactions.whenAnswered();
    await dialogs.whenEmpty();
    await proxy.transactions.whenAnswered();
  };
  await Promise.race([ended(), deadline]);
  stopWaiting();
}
