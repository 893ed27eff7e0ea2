import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { SipRequest } from '../sip/message.ts';
import { withoutFirstValue } from '../sip/name_addr.ts';
import type { Branches } from './branches.ts';
import type { OwnAddresses } from './own_address.ts';

/** 96 bits of the hash: without the key, nobody can forge a branch of ours. */
const HASH_OCTETS = 12;
const HASH_MARK = '.';

/**
 * Loop detection by a keyed hash in this edge's branches (RFC 3261 16.6 step 8, RFC 5393 4.2). The hash covers what
 * decides where a request goes. It leaves out Proxy-Authorization and a Route that names this edge, as the first pass
 * consumes both and a request that comes back has neither; and the topmost Via, which changes on each pass.
 */
export class LoopGuard {
  readonly #keyed: KeyedHash;
  readonly #branches: Branches;
  readonly #own: OwnAddresses;

  /** `key`: 16 to 64 octets, those of `branches`. */
  constructor(key: Buffer, branches: Branches, own: OwnAddresses) {
    this.#keyed = new KeyedHash(key);
    this.#branches = branches;
    this.#own = own;
  }

  /** A branch no other request carries, by which `hasReturned` recognises this request. */
  branchOf(request: SipRequest): string {
    return this.#branches.unique() + HASH_MARK + this.#hash(request);
  }

  /** Whether an edge with this key has forwarded the request to the same place before; if not, it is new or spirals. */
  hasReturned(request: SipRequest): boolean {
    const vias = request.values('via').join();
    return vias.includes(this.#branches.mark) && vias.includes(HASH_MARK + this.#hash(request));
  }

  #hash(request: SipRequest): string {
    const routes = request.values('route').join(',');
    const left = this.#own.isFirstRoute(request) ? withoutFirstValue(routes) : routes;
    // No field holds an empty line, so an empty line separates them without ambiguity.
    const fields = [request.uriText, request.callId, String(request.cseq), left].join('\r\n\r\n');
    return this.#keyed.digest(fields).toString('base64url', 0, HASH_OCTETS);
  }
}
