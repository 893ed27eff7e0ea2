import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { SipRequest } from '../sip/message.ts';
import { withoutFirstValue } from '../sip/name_addr.ts';
import { MAGIC_COOKIE, parseVias } from '../sip/via.ts';
import type { OwnAddresses } from './own_address.ts';

/** 96 bits of the hash: without the key, nobody can forge a branch of ours. */
const HASH_OCTETS = 12;
const HASH_MARK = '.';
const PORT_CHARACTERS = 4;

/**
 * Loop detection by a keyed hash in this edge's branches (RFC 3261 16.6 step 8, RFC 5393 4.2). The hash covers what
 * decides where a request goes. It leaves out Proxy-Authorization and a Route that names this edge, as the first pass
 * consumes both and a request that comes back has neither; and the topmost Via, which changes on each pass.
 */
export class LoopGuard {
  readonly #keyed: KeyedHash;
  readonly #own: OwnAddresses;
  /** `#mark` begins the branches of every edge that has the key, `#prefix` those of this process. */
  readonly #mark: string;
  readonly #prefix: string;
  #count = 0;

  /**
   * `key`: 16 to 64 octets. `process`: token characters that no other process has. `innerPort`: where this process
   * alone is reached.
   */
  constructor(key: Buffer, process: string, innerPort: number, own: OwnAddresses) {
    this.#keyed = new KeyedHash(key);
    this.#mark = `${MAGIC_COOKIE}${this.#keyed.digest('mark').toString('hex', 0, 4)}`;
    this.#prefix = this.#mark + innerPort.toString(36).padStart(PORT_CHARACTERS, '0') + process;
    this.#own = own;
  }

  /** A branch no other request carries, for a request whose return need not be noticed. */
  uniqueBranch(): string {
    return this.#prefix + (this.#count++).toString(36);
  }

  /** A branch no other request carries, by which `hasReturned` recognises this request. */
  branchOf(request: SipRequest): string {
    return this.uniqueBranch() + HASH_MARK + this.#hash(request);
  }

  /** The inner port of the process that made the branch; undefined if no process with this key made it. */
  innerPortIn(branch: string | undefined): number | undefined {
    if (branch === undefined || !branch.startsWith(this.#mark)) return undefined;
    return Number.parseInt(branch.slice(this.#mark.length, this.#mark.length + PORT_CHARACTERS), 36);
  }

  /** Whether an edge with this key has forwarded the request to the same place before; if not, it is new or spirals. */
  hasReturned(request: SipRequest): boolean {
    let ending = '';
    return request
      .values('via')
      .some(
        (value) =>
          value.includes(this.#mark) &&
          parseVias(value)?.some(({ branch }) =>
            branch?.endsWith((ending ||= HASH_MARK + this.#hash(request))),
          ),
      );
  }

  #hash(request: SipRequest): string {
    const routes = request.values('route').join(',');
    const left = this.#own.isFirstRoute(request) ? withoutFirstValue(routes) : routes;
    // No field holds an empty line, so an empty line separates them without ambiguity.
    const fields = [request.uriText, request.callId, String(request.cseq), left].join('\r\n\r\n');
    return this.#keyed.digest(fields).toString('base64url', 0, HASH_OCTETS);
  }
}
