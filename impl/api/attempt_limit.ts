import { isIPv6 } from 'node:net';

import { Newest } from '../runtime/newest.ts';

/** How many failed attempts are allowed, and how long each is remembered. */
export interface AttemptLimitOptions {
  /** After this many remembered failures a source has to wait. */
  readonly perSource: number;
  /** After this many remembered failures a client is under attack: each source may then fail once. */
  readonly perClient: number;
  /** One failure is forgotten in this time, in milliseconds. */
  readonly forgetMs: number;
  /** How many sources, and how many clients, are remembered at a time. */
  readonly entries: number;
  /** Milliseconds of a clock that never goes back: what is remembered lives no longer than this process. */
  readonly now: () => number;
}

/** No client id is longer. All longer ids count as one. */
const MAX_ID_LENGTH = 128;

/**
 * Counts failed attempts at client secrets by source and by named client, in bounded memory. A client under attack
 * from many sources stays open to sources without a failure: guessing is slow, and the client's own address is not
 * shut out.
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

  /** How long this source must wait before it may try this client, in milliseconds; 0 if it may try now. */
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

/** Failures by key, each forgotten in its time. When full, it drops the key that failed longest ago. */
class FailureLedger {
  readonly #options: AttemptLimitOptions;
  /** When a key's last failure is forgotten, in milliseconds of that clock. */
  readonly #ends: Newest<string, number>;

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
    this.#ends = new Newest(options.entries);
  }

  /** How long until fewer than `allowed` failures are remembered, in milliseconds. */
  waitMs(key: string, allowed: number): number {
    const { now, forgetMs } = this.#options;
    const end = this.#ends.get(key) ?? 0;
    return Math.max(0, end - now() - (allowed - 1) * forgetMs);
  }

  add(key: string): void {
    const { now, forgetMs } = this.#options;
    this.#ends.set(key, Math.max(now(), this.#ends.get(key) ?? 0) + forgetMs);
  }
}

function idKey(clientId: string): string {
  return clientId.length > MAX_ID_LENGTH ? '' : clientId;
}

/** The key that attempts from an address count under: an IPv4 address itself, an IPv6 address's /64. */
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
