import { KeyedHash } from '../runtime/keyed_hash.ts';
import { MAGIC_COOKIE } from '../sip/via.ts';

const PORT_CHARACTERS = 4;

/** The branches that this process gives to what it forwards (RFC 3261 8.1.1.7, 16.6 step 8). */
export class Branches {
  /** Begins the branches of every edge that has the key. */
  readonly mark: string;
  readonly #prefix: string;
  #count = 0;

  /**
   * `key`: 16 to 64 octets. `process`: token characters that no other process has. `innerPort`: where this process
   * alone is reached.
   */
  constructor(key: Buffer, process: string, innerPort: number) {
    this.mark = `${MAGIC_COOKIE}${new KeyedHash(key).digest('mark').toString('hex', 0, 4)}`;
    this.#prefix = this.mark + innerPort.toString(36).padStart(PORT_CHARACTERS, '0') + process;
  }

  /** A branch no other request carries. */
  unique(): string {
    return this.#prefix + (this.#count++).toString(36);
  }

  /** The inner port of the process that made the branch; undefined if no process with this key made it. */
  innerPortIn(branch: string | undefined): number | undefined {
    if (branch === undefined || !branch.startsWith(this.mark)) return undefined;
    return Number.parseInt(branch.slice(this.mark.length, this.mark.length + PORT_CHARACTERS), 36);
  }
}
