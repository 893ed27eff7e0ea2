import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { SipRequest } from '../sip/message.ts';
import { withoutFirstValue } from '../sip/name_addr.ts';
import { MAGIC_COOKIE, parseVias } from '../sip/via.ts';
import type { OwnAddresses } from './own_address.ts';

/** 96 bits of the hash: nobody without the key writes a branch that passes for ours. */
const HASH_CHARACTERS = 16;
const HASH_MARK = '.';

/**
 * Loop detection by a keyed hash in this edge's branches (RFC 3261 16.6 step 8, RFC 5393 4.2). The hash covers what
 * decides where a request goes. It leaves out Proxy-Authorization, which is consumed on the first pass (a request
 * that comes back has none), a Route that names this edge for the same reason, and the topmost Via, which is other
 * on each pass.
 */
export class LoopGuard {
  readonly #key: KeyObject;
  readonly #own: OwnAddresses;
  readonly #prefix: string;
  #count = 0;

  /** `key` of 16 octets or more; `prefix`, of token characters, tells this process's branches from every other's. */
  constructor(key: Buffer, prefix: string, own: OwnAddresses) {
    this.#key = createSecretKey(key);
    this.#prefix = MAGIC_COOKIE + prefix;
    this.#own = own;
  }

  /** A branch no other request carries, for a request whose way back here need not be noticed. */
  uniqueBranch(): string {
    return this.#prefix + (this.#count++).toString(36);
  }

  /** A branch no other request carries, by which this request is known again. */
  branchOf(request: SipRequest): string {
    return this.uniqueBranch() + HASH_MARK + this.#hash(request);
  }

  /** Whether the request has been here before, bound for the same place; otherwise it is new, or a spiral. */
  hasReturned(request: SipRequest): boolean {
    let hash: string | undefined;
    for (const field of request.headers) {
      if (field.key !== 'via' || !field.value.includes(this.#prefix)) continue;
      hash ??= this.#hash(request);
      for (const { branch } of parseVias(field.value) ?? []) {
        if (branch !== undefined && branch.startsWith(this.#prefix) && branch.endsWith(HASH_MARK + hash))
          return true;
      }
    }
    return false;
  }

  #hash(request: SipRequest): string {
    const routes = request.values('route');
    if (routes.length > 0 && this.#own.isFirstRoute(request)) {
      const rest = withoutFirstValue(routes[0]!);
      if (rest === '') routes.shift();
      else routes[0] = rest;
    }
    // No field holds an empty line, so two of them separate without ambiguity.
    const fields = [
      request.uriText,
      request.from.tag ?? '',
      request.to.tag ?? '',
      request.callId,
      String(request.cseq),
      request.values('proxy-require').join(','),
      routes.join(','),
    ].join('\r\n\r\n');
    return createHmac('sha256', this.#key)
      .update(fields, 'latin1')
      .digest('base64url')
      .slice(0, HASH_CHARACTERS);
  }
}
