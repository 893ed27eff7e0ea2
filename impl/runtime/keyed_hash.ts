import { hash } from 'node:crypto';

const BLOCK_OCTETS = 64;
const DIGEST_OCTETS = 32;

/**
 * HMAC-SHA-256 (RFC 2104) for short texts on the path of a message. It makes two one-shot hashes, because node's Hmac
 * leaves a native object to the garbage collector.
 */
export class KeyedHash {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** `key` has 16 to 64 octets. Throws RangeError if it is longer. */
  constructor(key: Buffer) {
    if (key.length > BLOCK_OCTETS) throw new RangeError(`a key of ${key.length} octets`);
    this.#inner = Buffer.alloc(BLOCK_OCTETS, 0x36);
    this.#outer = Buffer.alloc(BLOCK_OCTETS + DIGEST_OCTETS, 0x5c);
    for (let i = 0; i < key.length; i++) {
      this.#inner[i]! ^= key[i]!;
      this.#outer[i]! ^= key[i]!;
    }
  }

  /** The text's HMAC, 32 octets. Each character of the text stands for one octet. */
  digest(text: string): Buffer {
    const octets = Buffer.allocUnsafe(BLOCK_OCTETS + text.length);
    this.#inner.copy(octets);
    octets.write(text, BLOCK_OCTETS, 'latin1');
    hash('sha256', octets, 'buffer').copy(this.#outer, BLOCK_OCTETS);
    return hash('sha256', this.#outer, 'buffer');
  }
}
