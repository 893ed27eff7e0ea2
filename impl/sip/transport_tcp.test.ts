import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import type { SocketAddress } from '../net/socket_address.ts';
import { systemClock } from '../runtime/clock.ts';
import { TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingUser } from '../testing/recording_user.ts';
import { TcpPeer, TcpPeerServer } from '../testing/tcp_peer.ts';
import { listen } from './listener.ts';
import { parseMessage } from './parser.ts';
import { responseTo } from './serialiser.ts';
import { replyEndpoint } from './transaction_layer.ts';
import type { Transport } from './transport.ts';
import { TcpTransport, type TcpLimits } from './transport_tcp.ts';
import { UdpTransport } from './transport_udp.ts';
import { viaWithSource } from './via.ts';

const open: { close(): unknown }[] = [];
const closing = <T extends { close(): unknown }>(resource: T): T => {
  open.push(resource);
  return resource;
};
afterEach(async () => {
  for (const resource of open.splice(0)) await resource.close();
});

async function started(limits: Partial<TcpLimits> = {}, clock = new ManualClock()) {
  const told = new RecordingUser();
  const wheel = new TimerWheel(clock);
  const tcp = closing(await TcpTransport.bind({ address: '127.0.0.1', port: 0, limits }, told, wheel));
  const dial = async (): Promise<TcpPeer> => closing(await TcpPeer.connect(tcp.port));
  return { told, tcp, clock, wheel, dial };
}

function message(id: string, fields: readonly string[] = ['Content-Length: 0'], viaPort = 5060): string {
  const head = [
    'OPTIONS sip:app@sip-uri.voice-api.example SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1:${viaPort};branch=z9hG4bK${id}`,
    'From: <sip:caller@customer.example>;tag=f1',
    'To: <sip:app@sip-uri.voice-api.example>',
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    ...fields,
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}

/** Answers a good request with 200, and a malformed one as the parser says. */
function answering(packet: Buffer, source: SocketAddress, transport: Transport): void {
  const parsed = parseMessage(packet, true);
  if (parsed.kind !== 'request' && parsed.kind !== 'malformed') return;
  const topVia = viaWithSource(parsed.via, source.address, source.port);
  const answer = parsed.kind === 'request' ? responseTo(parsed, topVia, { status: 200 }) : undefined;
  transport.send(
    answer ?? (parsed.kind === 'malformed' ? responseTo(parsed.message, topVia, parsed) : packet),
    replyEndpoint(parsed.via, source, transport),
  );
}

test('messages in one segment or in many are received, and answered over their connection', async () => {
  const { told, tcp, dial } = await started();
  told.onPacket = answering;
  const peer = await dial();
  peer.send(message('a') + message('b') + message('c').slice(0, 100));
  await peer.read('Call-ID: b\r\n');
  for (const octet of message('c').slice(100)) peer.send(octet);
  await peer.read('Call-ID: c\r\n');
  assert.deepEqual(
    told.packets.map(({ text }) => text),
    [message('a'), message('b'), message('c')],
  );
  assert.deepEqual(told.packets[0]!.source, { address: '127.0.0.1', port: peer.port });
  assert.equal(tcp.connections, 1);
});

test('a double CRLF is answered with one CRLF, whatever surrounds it (RFC 5626 3.5.1)', async () => {
  const { told, dial } = await started();
  told.onPacket = answering;
  const peer = await dial();
  peer.send('\r\n\r\n');
  assert.equal(await peer.read('\r\n'), '\r\n');
  peer.send(`${message('a')}\r\n`);
  await peer.read('\r\n\r\n');
  peer.send('\r\n');
  assert.equal(await peer.read('\r\n'), '\r\n');
});

test('malformed framing is answered with 400 and the connection closed; what follows is not processed', async () => {
  for (const fields of [
    [],
    ['Content-Length: -1'],
    ['Content-Length: 4294967328'],
    ['Content-Length: 0', 'l: 300'],
  ]) {
    const { told, tcp, dial } = await started();
    told.onPacket = answering;
    const peer = await dial();
    peer.send(message('outer', fields) + message('inner'));
    assert.match(
      await peer.readToEnd(),
      /^SIP\/2\.0 400 Bad Request \((?:Content-Length|repeated header field)\)\r\n[^]*\r\n\r\n$/,
    );
    assert.equal(told.packets.length, 1);
    assert.equal(tcp.counters.misframed, 1);
  }
});

test('a message that is malformed in another way is answered with 400, and the connection stays', async () => {
  const { told, dial } = await started();
  told.onPacket = answering;
  const peer = await dial();
  peer.send(message('a').replace('CSeq: 1', 'CSeq: one'));
  await peer.read('SIP/2.0 400 Bad Request (CSeq)\r\n');
  peer.send(message('b'));
  await peer.read('Call-ID: b\r\n');
});

test('if the connection is gone, the answer goes over a new one to the port of sent-by (18.2.2)', async () => {
  const { told, tcp, dial } = await started();
  const server = closing(await TcpPeerServer.listen());
  const peer = await dial();
  peer.send(message('a', ['Content-Length: 0'], server.port));
  await told.until(() => told.packets.length === 1);
  const { source } = told.packets[0]!;
  const parsed = parseMessage(Buffer.from(told.packets[0]!.text), true);
  assert.equal(parsed.kind, 'request');
  peer.socket.end();
  await peer.readToEnd();
  tcp.send(Buffer.from('SIP/2.0 200 late\r\n'), replyEndpoint(parsed.via, source, tcp));
  tcp.send(Buffer.from('SIP/2.0 200 again\r\n'), replyEndpoint(parsed.via, source, tcp));
  const fallback = closing(await server.accept());
  await fallback.read('SIP/2.0 200 late\r\nSIP/2.0 200 again\r\n');
  assert.equal(server.waiting, 0);
  assert.equal(tcp.counters.opened, 1);
});

test('messages to an endpoint use its connection, whoever opened it', async () => {
  const { told, tcp, dial } = await started();
  const server = closing(await TcpPeerServer.listen());
  const there = { address: '127.0.0.1', port: server.port };
  tcp.send(Buffer.from('one\r\n'), there);
  tcp.send(Buffer.from('two\r\n'), there);
  const far = closing(await server.accept());
  await far.read('one\r\ntwo\r\n');
  far.send(message('back'));
  await told.until(() => told.packets.length === 1);
  assert.deepEqual(told.packets[0]!.source, there);
  const near = await dial();
  near.send(message('in'));
  await told.until(() => told.packets.length === 2);
  tcp.send(Buffer.from('request\r\n'), { address: '127.0.0.1', port: near.port });
  await near.read('request\r\n');
  assert.equal(tcp.counters.opened, 1);
  assert.equal(server.waiting, 0);
});

test('a connection that cannot be opened is reported once, with its endpoint', async () => {
  const { told, tcp } = await started();
  const server = await TcpPeerServer.listen();
  const nobody = { address: '127.0.0.1', port: server.port };
  server.close();
  tcp.send(Buffer.from('x'), nobody);
  tcp.send(Buffer.from('x'), { address: '127.0.0.1', port: 0 });
  tcp.send(Buffer.from('x'), { address: 'not-an-address', port: 5060 });
  assert.equal(told.failures.length, 0, 'send does not call back');
  await told.until(() => told.failures.length === 3);
  assert.deepEqual(
    told.failures.map(({ code }) => code),
    ['EADDRNOTAVAIL', 'EADDRNOTAVAIL', 'ECONNREFUSED'],
  );
  assert.deepEqual(told.failures[2]!.destination, nobody);
  assert.equal(tcp.counters.failed, 3);
});

test('a peer that resets a connection in use is reported', async () => {
  const { told, dial } = await started();
  const peer = await dial();
  const { port } = peer;
  peer.send(message('a'));
  await told.until(() => told.packets.length === 1);
  peer.socket.resetAndDestroy();
  await told.until(() => told.failures.length === 1);
  assert.deepEqual(told.failures, [{ code: 'ECONNRESET', destination: { address: '127.0.0.1', port } }]);
});

test('a silent connection is closed: before its first message, within one, and after the last', async () => {
  const { told, tcp, clock, dial } = await started({ firstMessageMs: 1000, messageMs: 2000, idleMs: 5000 });
  const [mute, slow, idle] = [await dial(), await dial(), await dial()];
  for (const peer of [slow, idle]) peer.send(message(String(peer.port)));
  slow.send(message('unfinished').slice(0, 50));
  await told.until(() => told.packets.length === 2);
  mute.send('\r\n\r\nOPTIONS sip:');
  await mute.read('\r\n');
  clock.advance(1500);
  await mute.readToEnd();
  slow.send('still nothing');
  clock.advance(1000);
  await slow.readToEnd();
  assert.equal(tcp.counters.timedOut, 2);
  clock.advance(3000);
  await idle.readToEnd();
  assert.equal(tcp.counters.timedOut, 3);
});

test('a keep-alive keeps a connection open, but not a stranger’s', async () => {
  const { told, tcp, clock, dial } = await started({ idleMs: 5000 });
  const [known, stranger] = [await dial(), await dial()];
  for (const peer of [known, stranger]) peer.send(message('a'));
  await told.until(() => told.packets.length === 2);
  tcp.trust({ address: '127.0.0.1', port: known.port });
  for (let i = 0; i < 4; i++) {
    clock.advance(3000);
    known.send('\r\n\r\n');
    await known.read('\r\n');
    if (i > 0) continue;
    stranger.send('\r\n\r\n');
    await stranger.read('\r\n');
  }
  await stranger.readToEnd();
  assert.equal(tcp.connections, 1);
});

for (const limit of ['connectionsPerAddress', 'connections']) {
  test(`${limit}: strangers make room, who has been silent for longest first; pings do not help`, async () => {
    const { told, tcp, dial } = await started({ [limit]: 3 });
    const [good, pinging, talking] = [await dial(), await dial(), await dial()];
    for (const [index, peer] of [good, pinging, talking].entries()) {
      peer.send(message(String(index)));
      await told.until(() => told.packets.length === index + 1);
    }
    tcp.trust({ address: '127.0.0.1', port: good.port });
    talking.send(message('again'));
    await told.until(() => told.packets.length === 4);
    pinging.send('\r\n\r\n');
    await pinging.read('\r\n');
    const [first] = [await dial()];
    await pinging.readToEnd();
    const second = await dial();
    await talking.readToEnd();
    for (const peer of [first, second]) tcp.trust({ address: '127.0.0.1', port: peer.port });
    const refused = await dial();
    await refused.readToEnd();
    assert.deepEqual([tcp.counters.evicted, tcp.counters.refused, tcp.connections], [2, 1, 3]);
    good.send(message('still'));
    await told.until(() => told.packets.length === 5);
  });
}

test('what strangers hold has an end: the one that holds most is closed', async () => {
  const { told, tcp, dial } = await started({ strangerHeldOctets: 30_000 });
  const [good, small, large] = [await dial(), await dial(), await dial()];
  good.send(message('good'));
  await told.until(() => told.packets.length === 1);
  tcp.trust({ address: '127.0.0.1', port: good.port });
  good.send(`INVITE sip:${'x'.repeat(14_000)}`);
  small.send('INVITE sip:');
  large.send(`INVITE sip:${'x'.repeat(14_000)}`);
  const others = [await dial(), await dial()];
  for (const peer of others) peer.send(`INVITE sip:${'x'.repeat(13_000)}`);
  await Promise.race([large, ...others].map((peer) => peer.readToEnd()));
  assert.deepEqual([tcp.counters.overflowed, tcp.connections], [1, 4]);
  for (const peer of [good, small]) peer.send(' SIP/2.0\r\n\r\n');
  await told.until(() => told.packets.length === 3);
});

test('a peer that reads nothing of what waits for it is closed', async () => {
  const limits = { stalledMs: 2000, queuedOctets: 1 << 28, heldOctets: 1 << 29 };
  const { told, tcp, clock, dial } = await started(limits);
  const peer = await dial();
  peer.send(message('a'));
  await told.until(() => told.packets.length === 1);
  peer.socket.pause();
  const { source } = told.packets[0]!;
  tcp.trust(source);
  // More than the kernel takes.
  tcp.send(Buffer.alloc(1 << 26, 'x'), source);
  clock.advance(1900);
  assert.deepEqual([tcp.counters.stalled, tcp.connections], [0, 1]);
  clock.advance(4000);
  assert.equal(tcp.counters.stalled, 1);
  while (tcp.connections > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('an answer that may open no connection is lost with the one it was for', async () => {
  const { told, tcp, dial } = await started();
  const server = closing(await TcpPeerServer.listen());
  const peer = await dial();
  peer.send(message('a', undefined, server.port));
  await told.until(() => told.packets.length === 1);
  peer.close();
  while (tcp.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  const { source } = told.packets[0]!;
  const otherwise = { address: '127.0.0.1', port: server.port };
  tcp.send(Buffer.from('lost'), { ...source, otherwise, opens: false });
  assert.equal(tcp.connections, 0);
  tcp.send(Buffer.from('found'), { ...source, otherwise });
  await (await server.accept()).read('found');
  assert.equal(server.waiting, 0);
});

test('connections are limited in all, own ones included', async () => {
  const { told, tcp, dial } = await started({ connections: 1 });
  const peer = await dial();
  peer.send(message('a'));
  await told.until(() => told.packets.length === 1);
  tcp.trust({ address: '127.0.0.1', port: peer.port });
  const server = closing(await TcpPeerServer.listen());
  tcp.send(Buffer.from('x'), { address: '127.0.0.1', port: server.port });
  await told.until(() => told.failures.length === 1);
  assert.equal(told.failures[0]!.code, 'EMFILE');
  await (await dial()).readToEnd();
  peer.close();
  await peer.readToEnd();
  // The place is free when this end has seen the other close.
  for (;;) {
    const next = await dial();
    next.send(message('b'));
    if (
      await Promise.race([
        next.readToEnd().then(() => false),
        told.until(() => told.packets.length === 2).then(() => true),
      ])
    )
      break;
  }
  assert.equal(tcp.connections, 1);
});

test('a peer that does not read is closed before its queue grows without bound', async () => {
  const { told, tcp, dial } = await started({ queuedOctets: 100_000 });
  const peer = await dial();
  peer.send(message('a'));
  await told.until(() => told.packets.length === 1);
  peer.socket.pause();
  const { source } = told.packets[0]!;
  const packet = Buffer.alloc(20_000, 'x');
  let sent = 0;
  while (tcp.counters.overflowed === 0 && sent < 10_000) {
    for (let i = 0; i < 5; i++, sent++) tcp.send(packet, source);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(tcp.counters.overflowed, 1);
  await told.until(() => told.failures.length > 0);
  assert.equal(told.failures[0]!.code, 'ENOBUFS');
});

test('close sends what is queued, ends every connection and leaves no timer', async () => {
  const { told, tcp, wheel, dial } = await started({});
  const peer = await dial();
  peer.send(message('a'));
  await told.until(() => told.packets.length === 1);
  tcp.send(Buffer.from('last words\r\n'), told.packets[0]!.source);
  const closed = tcp.close();
  assert.match(await peer.readToEnd(), /last words/);
  await closed;
  assert.deepEqual([tcp.connections, wheel.running], [0, 0]);
  tcp.send(Buffer.from('x'), told.packets[0]!.source);
  await tcp.close();
});

test('one port serves UDP and TCP; a taken one is refused with the system’s error', async () => {
  const told = new RecordingUser();
  const wheel = new TimerWheel(systemClock);
  const both = closing(await listen({ address: '127.0.0.1', port: 0 }, told, wheel));
  assert.deepEqual([both.udp.port, both.tcp.port], [both.port, both.port]);
  const peer = closing(await TcpPeer.connect(both.port));
  peer.send(message('tcp'));
  const other = closing(await UdpTransport.bind({ address: '127.0.0.1', port: 0 }, told));
  other.send(Buffer.from(message('udp')), both);
  await told.until(() => told.packets.length === 2);
  await assert.rejects(listen({ address: '127.0.0.1', port: both.port }, told, wheel), {
    code: 'EADDRINUSE',
  });
  const busy = closing(await UdpTransport.bind({ address: '127.0.0.1', port: 0 }, told));
  await assert.rejects(listen({ address: '127.0.0.1', port: busy.port }, told, wheel), {
    code: 'EADDRINUSE',
  });
});

test('several listeners share a port if asked to', async () => {
  const told = new RecordingUser();
  const wheel = new TimerWheel(systemClock);
  const binding = { address: '127.0.0.1', reusePort: true };
  const first = closing(await listen({ ...binding, port: 0 }, told, wheel));
  const second = closing(await listen({ ...binding, port: first.port }, told, wheel));
  assert.equal(second.port, first.port);
});
