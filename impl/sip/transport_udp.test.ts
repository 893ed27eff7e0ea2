import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { RecordingUser } from '../testing/recording_user.ts';
import { UdpTransport, type UdpBinding } from './transport_udp.ts';

const ANYWHERE = { address: '127.0.0.1', port: 0 };

const open: UdpTransport[] = [];
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
});

async function bound(binding: UdpBinding = ANYWHERE) {
  const told = new RecordingUser();
  const transport = await UdpTransport.bind(binding, told);
  open.push(transport);
  return { told, transport };
}

test('a datagram is received with its source, and can be answered', async () => {
  const [near, far] = [await bound(), await bound()];
  near.transport.send(Buffer.from('there'), far.transport);
  await far.told.until(() => far.told.packets.length === 1);
  const { text, source } = far.told.packets[0]!;
  assert.deepEqual([text, source.port], ['there', near.transport.port]);
  far.transport.send(Buffer.from('back'), source);
  await near.told.until(() => near.told.packets.length === 1);
});

test('what cannot be sent is reported to the transport’s user and to the sender, not thrown', async () => {
  const { told, transport } = await bound();
  const unsent: string[] = [];
  const sender = { unsent: (code: string) => unsent.push(code) };
  const packet = Buffer.from('x');
  for (const port of [0, 65_536]) transport.send(packet, { address: '127.0.0.1', port }, sender);
  transport.send(Buffer.alloc(70_000), { address: '127.0.0.1', port: 5060 }, sender);
  // The socket may not broadcast, so the system refuses, as a firewall would.
  transport.send(packet, { address: '255.255.255.255', port: 5060 }, sender);
  transport.send(packet, { address: '255.255.255.255', port: 5060 });
  assert.deepEqual([unsent, told.failures], [[], []]);
  await told.until(() => told.failures.length === 5);
  const expected = ['EPORT', 'EPORT', 'EMSGSIZE', 'EACCES'];
  assert.deepEqual(unsent.toSorted(), expected.toSorted());
  assert.deepEqual(told.failures.map(({ code }) => code).toSorted(), [...expected, 'EACCES'].toSorted());
});

test('a socket with one peer hears that nobody is there', async () => {
  const gone = await bound();
  const { address, port } = gone.transport;
  await gone.transport.close();
  const { told, transport } = await bound({ ...ANYWHERE, peer: { address, port } });
  transport.send(Buffer.from('x'), { address, port });
  await told.until(() => told.failures.length > 0);
  assert.equal(told.failures[0]!.code, 'ECONNREFUSED');
});

test('a taken port is refused with the system’s error, unless it is shared', async () => {
  const { port } = (await bound()).transport;
  await assert.rejects(bound({ ...ANYWHERE, port }), { code: 'EADDRINUSE' });
  const shared = await bound({ ...ANYWHERE, reusePort: true });
  const second = await bound({ ...ANYWHERE, port: shared.transport.port, reusePort: true });
  assert.equal(second.transport.port, shared.transport.port);
});

test('nothing goes out after close, and a second close does nothing', async () => {
  const { told, transport } = await bound();
  await transport.close();
  await transport.close();
  transport.send(Buffer.from('x'), transport);
  assert.deepEqual(told.failures, []);
});
