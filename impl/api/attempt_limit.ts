import { isIPv6 } from 'node:net';

/** How many failed attempts are free, and how long one is remembered. */
export interface AttemptLimitOptions {
  /** Failures at once after which a source has to wait. */
  readonly perSource: number;
  /** Failures at once after which a client's name is under attack: then a source gets one failure. */
  readonly perClient: number;
  /** One failure is forgotten in this time, in ms. */
  readonly forgetMs: number;
  /** Sources, and clients, that are remembered at a time. */
  readonly entries: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** No client id is longer: what is, is counted together. */
const MAX_ID_LENGTH = 128;

/**
 * Counts failed attempts at client secrets, by where they come from and by the client they name, in bounded memory.
 * A client under attack from many sources is not closed: sources without a failure of their own still get their try,
 * so that guessing is slow and the client's own address is not shut out.
 */
export class AttemptLimit {
  readonly #options: AttemptLimitOptions;
  readonly #sources: FailureLedger;
  readonly #clients: FailureLedger;

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
    this.#sources = new FailureLedger(options);
    this.#clients = new FailureLedger(options);
  }

  /** How long this source has to wait before it may try this client, in ms; 0: it may now. */
  waitMs(source: string, clientId: string): number {
    const { perSource, perClient } = this.#options;
    const underAttack = this.#clients.waitMs(idKey(clientId), perClient) > 0;
    return this.#sources.waitMs(source, underAttack ? 1 : perSource);
  }

  failed(source: string, clientId: string): void {
    this.#sources.add(source);
    this.#clients.add(idKey(clientId));
  }
}

/** Failures by key, each forgotten in its time; where there are too many keys the one that failed longest ago goes. */
class FailureLedger {
  readonly #options: AttemptLimitOptions;
  /** When the last failure is forgotten, in ms since 1970; the key that failed last stands last. */
  readonly #ends = new Map<string, number>();

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
  }

  /** How long until fewer than `allowed` failures are remembered, in ms. */
  waitMs(key: string, allowed: number): number {
    const { now, forgetMs } = this.#options;
    const end = this.#ends.get(key) ?? 0;
    return Math.max(0, end - now() - (allowed - 1) * forgetMs);
  }

  add(key: string): void {
    const { now, forgetMs, entries } = this.#options;
    const end = Math.max(now(), this.#ends.get(key) ?? 0) + forgetMs;
    this.#ends.delete(key);
    this.#ends.set(key, end);
    if (this.#ends.size <= entries) return;
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined) this.#ends.delete(oldest);
  }
}

function idKey(clientId: string): string {
  return clientId.length > MAX_ID_LENGTH ? '' : clientId;
}

/** What attempts from an address are counted under: itself, or of IPv6 the /64 that one customer has whole. */
export function attemptSource(address: string): string {
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (ipv4 !== undefined || !isIPv6(address)) return ipv4 ?? address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
