import { REALM } from '../edge/places.ts';

/** Octets that look random, but are the same in every run (Numerical Recipes' generator). */
function noise(seed: number, octets: number): Buffer {
  const buffer = Buffer.allocUnsafe(octets);
  let state = seed >>> 0;
  for (let at = 0; at < octets; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer[at] = state >>> 24;
  }
  return buffer;
}

function messageTo(user: string): string {
  return [
    `INVITE sip:${user}@${REALM} SIP/2.0`,
    'Via: SIP/2.0/UDP 203.0.113.70:5060;branch=z9hG4bKgarbage;rport',
    'From: <sip:caller@203.0.113.70>;tag=1',
    `To: <sip:${user}@${REALM}>`,
    'Call-ID: garbage@203.0.113.70',
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

const KINDS: readonly ((number: number, user: string) => Buffer)[] = [
  (number) => noise(number, 1 + (number % 1400)),
  (number, user) => Buffer.from(messageTo(user)).subarray(0, 1 + (number % 300)),
  (number, user) => withNoise(messageTo(user), number),
  (number, user) =>
    Buffer.from(messageTo(user).replace('Max-Forwards: 70', `X: ${'y'.repeat(number % 9000)}`)),
  (_number, user) => Buffer.from(messageTo(user).replace('CSeq: 1', 'CSeq: 99999999999999999999')),
  () => Buffer.alloc(1200),
  () => Buffer.from('SIP/2.0 200 OK\r\n\r\n'),
  (number) => Buffer.from(`\r\n${':;,<>"\\'.repeat(number % 150)}\r\n`),
];

/** Garbage datagram `number`: noise, messages cut short or with octets changed, header fields out of bounds. */
export function garbage(number: number, user: string): Buffer {
  return KINDS[number % KINDS.length]!(number, user);
}

function withNoise(text: string, number: number): Buffer {
  const packet = Buffer.from(text);
  for (const octet of noise(number, 6)) packet[(octet * 7 + number) % packet.length] = octet;
  return packet;
}
