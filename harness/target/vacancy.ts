import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

import { HarnessError } from '../verdict.ts';
import type { Place, PlaceName } from './descriptor.ts';

type Protocol = 'UDP' | 'TCP';

/** An address that this run is about to use, and the field of the descriptor it comes from. */
interface Claim {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly field: string;
  readonly user: string;
}

/**
 * Rejects with a HarnessError where another program has an address that the target or the voice platform's stand-in
 * is about to be started on: that program, not the target, would be judged. Skips addresses that are not this
 * machine's.
 */
export async function assertVacant(place: Place, placeName: PlaceName): Promise<void> {
  for (const claim of claimsOf(place)) {
    if (!(await isTaken(claim))) continue;
    throw new HarnessError(
      `${claim.host}:${claim.port} (${claim.protocol}) is taken: ${claim.user} is to be started there. Stop the ` +
        `program that has it, or change places.${placeName}.${claim.field} in the target's descriptor, and what the ` +
        'target itself is configured with.',
    );
  }
}

function claimsOf({ start, api, sip, platform }: Place): Claim[] {
  const claims: Claim[] = [];
  if (start) {
    const { hostname, port, protocol } = new URL(api.baseUrl);
    const apiPort = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    claims.push({ protocol: 'TCP', host: hostname, port: apiPort, field: 'api.baseUrl', user: 'the target' });
    claims.push({ protocol: 'UDP', ...sip, field: 'sip', user: 'the target' });
  }
  if (platform)
    claims.push({ protocol: 'UDP', ...platform, field: 'platform', user: "the voice platform's stand-in" });
  return claims;
}

/** Whether the address cannot be bound because another program has it. */
export function isTaken({ protocol, host, port }: Claim): Promise<boolean> {
  return new Promise((resolve) => {
    const refused = ({ code }: NodeJS.ErrnoException): void => resolve(code === 'EADDRINUSE');
    if (protocol === 'TCP') {
      const server = createServer().on('error', refused);
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
    } else {
      const socket = createSocket('udp4').on('error', refused);
      socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(false)));
    }
  });
}
