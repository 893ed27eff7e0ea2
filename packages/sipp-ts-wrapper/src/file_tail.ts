import { open, type FileHandle } from 'node:fs/promises';

/** Reads a growing file from where the last read ended. */
export class FileTail {
  readonly #path: string;
  #file: FileHandle | undefined;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was appended since the last call; empty where there is nothing new or no file yet. */
  async read(): Promise<Buffer> {
    this.#file ??= await open(this.#path, 'r').catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return undefined;
      throw failure;
    });
    if (this.#file === undefined) return Buffer.alloc(0);
    const { size } = await this.#file.stat();
    const appended = Buffer.allocUnsafe(Math.max(0, size - this.#offset));
    let filled = 0;
    while (filled < appended.length) {
      const { bytesRead } = await this.#file.read(
        appended,
        filled,
        appended.length - filled,
        this.#offset + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#offset += filled;
    return appended.subarray(0, filled);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}
