// namespace.test.ts runs this inside a fresh namespace. It raises the lab, tries it out, and reports what it saw.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { LAB_PREFIXES } from '../lab/addresses.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { lastAddress } from '../lab/ipv4.ts';
import { insideLab, onInterrupt, raiseLab } from '../lab/namespace.ts';

/** What the probe saw. It prints this as JSON on its standard output. */
export interface LabReport {
  readonly insideLab: boolean;
  /** For both ends of each prefix: the result of a datagram and of a connection to that address. */
  readonly reached: Readonly<Record<string, readonly [udp: string, tcp: string]>>;
  /** The result of sending to addresses outside the lab's plan. */
  readonly beyond: Readonly<Record<string, string>>;
  /** What was thrown when the lab was raised a second time. */
  readonly raisedAgain: string;
}

const API = '198.18.67.80';
const BEYOND = ['192.0.2.1', '198.18.67.16', '203.0.114.1', '10.0.0.1'];

function ends(prefix: string): string[] {
  const [network = ''] = prefix.split('/');
  return [...new Set([network, lastAddress(prefix)])];
}

async function outcome(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** Sends a datagram from the API's address to a socket bound to `address`; resolves when it has arrived. */
async function datagramTo(address: string): Promise<void> {
  const receiver = createSocket('udp4').bind(0, address);
  try {
    await once(receiver, 'listening');
    const heard = once(receiver, 'message');
    await send(address, receiver.address().port, API);
    await heard;
  } finally {
    receiver.close();
  }
}

async function connectionTo(address: string): Promise<void> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const socket = connect({ host: address, port, localAddress: API });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
    server.close();
  }
}

async function send(to: string, port: number, from: string): Promise<void> {
  const socket = createSocket('udp4').bind(0, from);
  try {
    await once(socket, 'listening');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.send('x', port, to, (error) => (error ? reject(error) : resolve()));
    await promise;
  } finally {
    socket.close();
  }
}

async function report(): Promise<LabReport> {
  raiseLab();
  const reached: Record<string, readonly [string, string]> = {};
  for (const address of LAB_PREFIXES.flatMap(({ prefix }) => ends(prefix))) {
    assertSafeToSend(address);
    reached[address] = [await outcome(() => datagramTo(address)), await outcome(() => connectionTo(address))];
  }
  const beyond: Record<string, string> = {};
  for (const to of BEYOND) beyond[to] = await outcome(() => send(to, 9, '0.0.0.0'));
  const raisedAgain = await outcome(async () => raiseLab());
  return { insideLab: insideLab(), reached, beyond, raisedAgain };
}

/** Waits for the interrupt, then exits with `exitCode`. */
async function interruption(exitCode: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // In a real run, the work that is awaited keeps the process alive; here a timer must.
  const alive = setInterval(() => {}, 60_000);
  onInterrupt(resolve);
  process.stdout.write('waiting\n');
  await promise;
  clearInterval(alive);
  process.exit(exitCode);
}

const [what, exitCode = '0'] = process.argv.slice(2);
if (what === 'report') process.stdout.write(JSON.stringify(await report()));
else if (what === 'interruption') await interruption(Number(exitCode));
else process.exit(Number(exitCode));
