import { isTaken } from '../../harness/target/vacancy.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { StartOptions } from './options.ts';

/** The address that everything listens on. */
export const HOST = '127.0.0.1';

/** Rejects with a HarnessError that names the flag to give if a port is taken. */
export async function assertFree({ apiPort, sipPort, platformPort }: StartOptions): Promise<void> {
  const host = HOST;
  const claims = [
    { protocol: 'TCP', host, port: apiPort, user: 'the management API', field: '--api-port' },
    { protocol: 'UDP', host, port: sipPort, user: 'the signaling edge', field: '--sip-port' },
    {
      protocol: 'UDP',
      host,
      port: platformPort,
      user: "the voice platform's stand-in",
      field: '--platform-port',
    },
  ] as const;
  for (const claim of claims) {
    if (!(await isTaken(claim))) continue;
    throw new HarnessError(
      `${host}:${claim.port} (${claim.protocol}) is taken, but ${claim.user} needs it: stop the program that ` +
        `has it, or choose another port with ${claim.field}`,
    );
  }
}
