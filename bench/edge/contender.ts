import type { ServerAddress } from './places.ts';
import type { ServerProcess } from './server_process.ts';

/** The reference is `ours`. */
export type ContenderName = 'ours' | 'kamailio';

/** One of the two servers that are compared, running. */
export interface Contender {
  readonly name: ContenderName;
  readonly at: ServerAddress;
  readonly process: ServerProcess;
}
