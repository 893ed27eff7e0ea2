import { createSocket } from 'node:dgram';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer, isIPv6 } from 'node:net';

/** Where a process may listen. */
export interface ListeningAddress {
  address: string;
  port: number;
  transport: 'udp' | 'tcp';
}

/** `st` of /proc/net/tcp: 0A is LISTEN; a bound UDP socket shows 07. */
const STATE = { udp: '07', tcp: '0A' } as const;

/**
 * Whether process `pid` itself listens on the endpoint. On Linux the kernel's socket table says so; elsewhere it counts
 * that the port can no longer be bound.
 */
export async function isListening(pid: number, endpoint: ListeningAddress): Promise<boolean> {
  const table = await readFile(
    `/proc/net/${endpoint.transport}${isIPv6(endpoint.address) ? '6' : ''}`,
    'latin1',
  ).catch(() => undefined);
  return table === undefined ? isTaken(endpoint) : holdsSocket(pid, table, endpoint);
}

async function holdsSocket(
  pid: number,
  table: string,
  { port, transport }: ListeningAddress,
): Promise<boolean> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
  const inodes = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hexPort}`) && columns[3] === STATE[transport])
    .map((columns) => `socket:[${columns[9]}]`);
  if (inodes.length === 0) return false;
  // In a process namespace without its own /proc, its pids are not ours: it must suffice that some process listens.
  if ((await readlink('/proc/self')) !== String(process.pid)) return true;
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.some((target) => inodes.includes(target));
}

function isTaken({ address, port, transport }: ListeningAddress): Promise<boolean> {
  return new Promise((resolve) => {
    if (transport === 'udp') {
      const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
      socket.once('error', () => socket.close(() => resolve(true)));
      socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(false)));
    } else {
      const server = createServer();
      server.once('error', () => resolve(true));
      server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(false)));
    }
  });
}
