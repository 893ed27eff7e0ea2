import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const SCRIPT = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"';
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', SCRIPT, 'sh'];
const FILLER = 'filler';

/** A small disk that one process sees at `path`. It ends with the process. */
export class SmallDisk {
  readonly path: string;
  /** The command that executes its further arguments with the disk in place. */
  readonly command: readonly string[];

  /** `path` is a folder that does not exist yet. */
  constructor(path: string, octets: number) {
    mkdirSync(path);
    this.path = path;
    this.command = [...NAMESPACE, String(octets), path];
  }

  /** Whether this machine lets a user mount one. */
  static isPossible(path: string): boolean {
    const { command } = new SmallDisk(path, 65_536);
    const [program, ...rest] = [...command, 'true'];
    return spawnSync(program, rest).status === 0;
  }

  /** Uses up all room, down to the last octet. */
  fill(pid: number | undefined): void {
    const filler = this.#outside(pid);
    for (let octets = 1 << 20; octets > 0; octets >>= 1) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(octets), { flag: 'a' });
      } catch {
        // No room for that many: try half as many.
      }
    }
  }

  /** Gives the room back. */
  free(pid: number | undefined): void {
    rmSync(this.#outside(pid));
  }

  #outside(pid: number | undefined): string {
    return `/proc/${pid}/root${this.path}/${FILLER}`;
  }
}
