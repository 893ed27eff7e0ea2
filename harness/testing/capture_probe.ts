/**
 * The capture's tests run this inside a network namespace: `capture_probe.ts <what> <file>`. It sends over real sockets
 * as a scenario does, and prints as JSON what the capture saw.
 */
import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket as TcpSocket } from 'node:net';
import { promisify } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { CaptureError } from '../capture/capture_error.ts';
import { type Capture, type CaptureCount, startCapture } from '../capture/dumpcap.ts';
import type { Endpoint } from '../capture/endpoint.ts';
import { openCapture } from '../capture/reader.ts';

interface SeenMessage {
  readonly protocol: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly text: string;
  /** Milliseconds since this process began to send. */
  readonly age: number;
}

export interface TrafficReport {
  readonly sent: readonly SeenMessage[];
  readonly seen: readonly SeenMessage[];
  /** What a reader in another thread saw. */
  readonly seenByWorker: readonly string[];
  /** The capture file of the datagrams' call alone, in base64. */
  readonly pcap: string;
  readonly packets: number;
  readonly dropped: number;
}

export interface FailureReport {
  readonly code: string;
  readonly message: string;
}

async function boundSocket(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

function message(callId: string, number: number, body: string): string {
  return `MESSAGE sip:b SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: ${number} MESSAGE\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

type Sent = Omit<SeenMessage, 'age'>;

/** Sends each datagram twice, like a retransmission, and one larger than an Ethernet frame. */
async function sendDatagrams(): Promise<Sent[]> {
  const [from, to] = await Promise.all([boundSocket('127.0.0.2'), boundSocket('127.0.0.3')]);
  const [source, destination] = [endpointOf(from.address()), endpointOf(to.address())];
  const sent: Sent[] = [];
  for (const text of [
    message('udp-call', 1, ''),
    message('udp-call', 1, ''),
    message('udp-call', 2, 'x'.repeat(30_000)),
  ]) {
    from.send(text, destination.port, destination.address);
    await once(to, 'message');
    sent.push({ protocol: 'udp', source, destination, text });
  }
  from.close();
  to.close();
  return sent;
}

/** Sends two messages in one write, then one in three writes. */
async function sendStream(): Promise<Sent[]> {
  const texts = [
    message('tcp-call', 1, ''),
    message('tcp-call', 2, 'body'),
    message('tcp-call', 3, 'y'.repeat(5000)),
  ];
  const third = texts[2] ?? '';
  const writes = [texts.slice(0, 2).join(''), third.slice(0, 20), third.slice(20, 2000), third.slice(2000)];
  const accepted = Promise.withResolvers<TcpSocket>();
  const server = createServer(accepted.resolve).listen(0, '127.0.0.3');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const client = connect({ host: '127.0.0.3', port: address.port, localAddress: '127.0.0.2', noDelay: true });
  const peer = await accepted.promise;
  for (const bytes of writes) {
    client.write(bytes);
    while (peer.read(bytes.length) === null) await once(peer, 'readable');
  }
  const source = { address: '127.0.0.2', port: client.localPort ?? 0 };
  const closed = once(peer, 'close');
  client.end();
  peer.resume();
  await closed;
  server.close();
  return texts.map((text) => ({ protocol: 'tcp', source, destination: endpointOf(address), text }));
}

function endpointOf({ address, port }: AddressInfo): Endpoint {
  return { address, port };
}

async function seenByWorker(file: string): Promise<string[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: file });
  const texts = Promise.withResolvers<string[]>();
  worker.once('message', texts.resolve).once('error', texts.reject);
  await once(worker, 'exit');
  return texts.promise;
}

async function reportAsWorker(file: string): Promise<void> {
  const reader = openCapture(file);
  await Promise.all([reader.settle(), reader.settle()]);
  const texts = reader.messages().map(({ text }) => text);
  parentPort?.postMessage(texts, []);
  await reader.close();
}

async function traffic(capture: Capture): Promise<TrafficReport> {
  const reader = openCapture(capture.file);
  const began = Date.now();
  const sent = [...(await sendDatagrams()), ...(await sendStream())].map((one) =>
    Object.assign(one, { age: 0 }),
  );
  await reader.settle();
  const seen = reader.messages().map(({ protocol, source, destination, text, time }) => {
    return { protocol, source, destination, text, age: time - began };
  });
  const pcap = (await reader.pcap(['udp-call'])).toString('base64');
  const byWorker = await seenByWorker(capture.file);
  await reader.close();
  return { sent, seen, seenByWorker: byWorker, pcap, ...(await capture.stop()) };
}

async function failureOf(promise: Promise<unknown>): Promise<FailureReport> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CaptureError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'none', message: 'it succeeded' };
}

/** Dumpcap is the only child of this process. */
function signalDumpcap(signal: NodeJS.Signals): void {
  const child = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  process.kill(Number(child), signal);
}

/** Sends more than the kernel's ring holds while dumpcap does not empty it. */
async function overrun(capture: Capture): Promise<CaptureCount> {
  const socket = await boundSocket('127.0.0.2');
  const { port, address } = socket.address();
  signalDumpcap('SIGSTOP');
  const datagram = Buffer.alloc(60_000);
  const send = promisify<Buffer, number, string>(socket.send.bind(socket));
  for (let sent = 0; sent < 16 * 1024 * 1024; sent += datagram.length) await send(datagram, port, address);
  signalDumpcap('SIGCONT');
  socket.close();
  return capture.stop();
}

/** What `settle` and `stop` say of a capture whose dumpcap has been killed. */
async function killed(capture: Capture): Promise<FailureReport[]> {
  const reader = openCapture(capture.file, { settleTimeoutMs: 300 });
  signalDumpcap('SIGKILL');
  const failures = [await failureOf(reader.settle()), await failureOf(capture.stop())];
  await reader.close();
  return failures;
}

async function report(what: string | undefined, file: string, name: string): Promise<unknown> {
  if (what === 'refusal') return failureOf(startCapture({ interface: name, file }));
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const capture = await startCapture({ interface: name, file });
  if (what === 'killed') return killed(capture);
  return what === 'overrun' ? overrun(capture) : traffic(capture);
}

if (isMainThread) {
  const [what, file = '', name = 'lo'] = process.argv.slice(2);
  console.log(JSON.stringify(await report(what, file, name)));
} else {
  await reportAsWorker(String(workerData));
}
