import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

import { systemClock } from '../sip/clock.ts';
import type { Clock } from '../sip/clock.ts';
import type { DigestAlgorithmName } from '../sip/digest.ts';
import type { MalformedRequest } from '../sip/message.ts';
import { NonceIssuer } from '../sip/nonce.ts';
import { NonceCounts } from '../sip/nonce_count.ts';
import { parseMessage } from '../sip/parser.ts';
import { randomTag, systemRandom } from '../sip/random.ts';
import type { Random } from '../sip/random.ts';
import { responseTo } from '../sip/serialiser.ts';
import { TimerWheel } from '../sip/timer_wheel.ts';
import { replyEndpoint } from '../sip/transaction_layer.ts';
import { UdpTransport } from '../sip/transport_udp.ts';
import type { Endpoint, Transport, TransportUser } from '../sip/transport.ts';
import type { UdpBinding } from '../sip/transport_udp.ts';
import { viaWithSource } from '../sip/via.ts';
import type { InboundDirectory } from '../store/application.ts';
import { DialogTable } from './dialog.ts';
import { EdgeError, listenError } from './edge_error.ts';
import { zeroCounters } from './edge_log.ts';
import type { EdgeCounters, EdgeLog } from './edge_log.ts';
import { LoopGuard } from './loop.ts';
import { OwnAddresses } from './own_address.ts';
import { Proxy } from './proxy.ts';

const LOOP_KEY_OCTETS = 32;
const MIN_NONCE_KEY_OCTETS = 16;
const DEFAULT_DRAIN_MS = 5000;

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
  /** How long `stop` waits for calls that are being set up; 5 s where left out. */
  readonly drainMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: EdgeLog;
}

/** A running edge. */
export interface Edge {
  readonly address: { readonly host: string; readonly port: number };
  readonly counters: Readonly<EdgeCounters>;
  /** How much it holds in memory at this moment. */
  occupancy(): { readonly transactions: number; readonly dialogs: number; readonly timers: number };
  /**
   * Takes no more calls (503 with Retry-After), lets those being set up finish, cancels what is left after `drainMs`,
   * and closes. A second call waits for the first.
   */
  stop(): Promise<void>;
}

/** Starts the signaling tier. Rejects with an EdgeError that names what is wrong and the mend. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  checkOptions(options);
  const { clock = systemClock, random = systemRandom, log = () => undefined, listen, realm } = options;
  const nextHop = await nextHopEndpoint(options.nextHop);
  const receiver = new Receiver(random, log);
  const outer = await bound({ address: listen.host, port: listen.port }, receiver);
  const core = await bound({ address: listen.host, port: 0, peer: nextHop }, receiver).catch(
    async (error: unknown) => {
      await outer.close();
      throw error;
    },
  );

  const wheel = new TimerWheel(clock);
  const own = new OwnAddresses([outer, core], realm);
  const nonces = new NonceIssuer(options.nonce.key, options.nonce.lifetimeMs, random);
  const nonceCounts = new NonceCounts(options.nonce.lifetimeMs, clock.wall());
  const loops = new LoopGuard(random.bytes(LOOP_KEY_OCTETS), random.bytes(6).toString('hex'), own);
  const dialogs = new DialogTable(wheel, nextHop.address);
  const regionOf = options.regionOf.bind(options);
  const proxy = new Proxy({
    wheel,
    random,
    view: { realm, directory: options.directory, regionOf, loops, nonces, nonceCounts },
    challenges: {
      realm,
      algorithms: options.algorithms ?? ['MD5'],
      newNonce: () => nonces.issue(clock.wall()),
    },
    nonceCounts,
    loops,
    dialogs,
    own,
    outer,
    nextHop: { endpoint: nextHop, transport: core },
    now: () => clock.wall(),
    counters: receiver.counters,
    log,
  });
  receiver.serve(proxy, core);

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    proxy.stopAccepting();
    await answeredWithin(proxy, clock, options.drainMs ?? DEFAULT_DRAIN_MS);
    proxy.cancelAll();
    wheel.stopAll();
    await Promise.all([outer.close(), core.close()]);
    log({ level: 'info', event: 'sip.stopped', ...receiver.counters });
  };
  return {
    address: { host: outer.address, port: outer.port },
    counters: receiver.counters,
    occupancy: () => ({
      transactions: proxy.transactions.size,
      dialogs: dialogs.size,
      timers: wheel.running,
    }),
    stop: () => (stopped ??= stop()),
  };
}

/** What comes off the sockets: parsed, then to the transactions, answered at once, or dropped. */
class Receiver implements TransportUser {
  readonly counters = zeroCounters();
  readonly #random: Random;
  readonly #log: EdgeLog;
  #proxy: Proxy | undefined;
  #core: Transport | undefined;

  constructor(random: Random, log: EdgeLog) {
    this.#random = random;
    this.#log = log;
  }

  /** From now on messages are for that proxy; what came before was dropped, and its sender repeats it. */
  serve(proxy: Proxy, core: Transport): void {
    this.#proxy = proxy;
    this.#core = core;
  }

  received(packet: Buffer, source: Endpoint, transport: Transport): void {
    this.counters.received++;
    try {
      this.#receive(packet, source, transport);
    } catch (error) {
      // No message may end the process: an exception here is a bug, and is told as one.
      this.counters.faults++;
      this.#log({
        level: 'error',
        event: 'sip.fault',
        stack: error instanceof Error ? error.stack : undefined,
      });
    }
  }

  undelivered(code: string, transport: Transport): void {
    this.counters.undelivered++;
    // Only the next hop's socket hears of ICMP: whatever it waits for will not come.
    if (transport !== this.#core || code !== 'ECONNREFUSED') return;
    this.#log({ level: 'warn', event: 'sip.next-hop-refused', code });
    this.#proxy?.transactions.undelivered(transport);
  }

  #receive(packet: Buffer, source: Endpoint, transport: Transport): void {
    if (this.#proxy === undefined) return;
    const message = parseMessage(packet);
    switch (message.kind) {
      case 'request':
        return this.#proxy.transactions.receiveRequest(message, source, transport);
      case 'response':
        if (!this.#proxy.transactions.receiveResponse(message)) this.counters.dropped++;
        return;
      case 'malformed':
        return this.#refuse(message, source, transport);
      case 'drop':
        this.counters.dropped++;
    }
  }

  /** Statelessly: a malformed request makes no transaction (RFC 3261 8.2.7). */
  #refuse(malformed: MalformedRequest, source: Endpoint, transport: Transport): void {
    this.counters.malformed++;
    const { message, via, status, reasonPhrase } = malformed;
    const topVia = viaWithSource(via, source.address, source.port);
    const toTag = randomTag(this.#random);
    transport.send(responseTo(message, topVia, { status, reasonPhrase, toTag }), replyEndpoint(via, source));
  }
}

function checkOptions({ listen, realm, nonce, nextHop }: EdgeOptions): void {
  if (!isIPv4(listen.host) || listen.host === '0.0.0.0') {
    throw new EdgeError('EDGE_LISTEN_ADDRESS', listen.host, listen);
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

async function bound(binding: UdpBinding, user: TransportUser): Promise<UdpTransport> {
  try {
    return await UdpTransport.bind(binding, user);
  } catch (cause) {
    throw listenError(cause, { host: binding.address, port: binding.port });
  }
}

/** Resolves when every request has its answer, at the latest after `limitMs`. */
async function answeredWithin(proxy: Proxy, clock: Clock, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopWaiting = clock.repeat(limitMs, resolve);
  await Promise.race([proxy.transactions.whenAnswered(), promise]);
  stopWaiting();
}
