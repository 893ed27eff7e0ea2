/**
 * What the SIP core costs without a socket: microseconds of one call to parse a 900-byte INVITE, to decide on it,
 * and to write it for the next hop. Run it alone on a quiet machine: `node bench/sip_core.ts`.
 */
import { createHash } from 'node:crypto';

import { LoopGuard } from '../impl/edge/loop.ts';
import { OwnAddresses } from '../impl/edge/own_address.ts';
import { decide } from '../impl/edge/policy.ts';
import type { PolicyView } from '../impl/edge/policy.ts';
import { SipRequest } from '../impl/sip/message.ts';
import { NonceIssuer } from '../impl/sip/nonce.ts';
import { NonceCounts } from '../impl/sip/nonce_count.ts';
import { parseMessage } from '../impl/sip/parser.ts';
import { systemRandom } from '../impl/sip/random.ts';
import { forwardedRequest, responseTo } from '../impl/sip/serialiser.ts';
import { viaWithSource } from '../impl/sip/via.ts';
import type { Ha1, InboundSettings } from '../impl/store/application.ts';

const REALM = 'sip-uri.voice-api.example';
const APPLICATION = '15f99d57-f823-4718-80cc-5d95d5b83e59';
const URI = `sip:${APPLICATION}@${REALM}`;
const MESSAGE_OCTETS = 900;
const ROUNDS = 7;
const CALLS_A_ROUND = 40_000;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const HA1 = md5(`${APPLICATION}:${REALM}:secret`);
const ha1: Ha1 = { MD5: HA1, 'SHA-256': '', 'SHA-512-256': '' };
const application: InboundSettings = {
  applicationId: APPLICATION,
  uriUser: '479fbd44-3362-45f3-bb80-284f21111be4',
  inboundSipCallsEnabled: true,
  credential: { applicationId: ha1, uriUser: ha1 },
  allowedSources: [{ network: 0xcb007100, mask: 0xffffff00 }],
  allowedRegions: ['US', 'EU'],
};

function inviteText(nonce: string): Buffer {
  const response = md5(`${HA1}:${nonce}:00000001:0a4f113b:auth:${md5(`INVITE:${URI}`)}`);
  const head = [
    `INVITE ${URI} SIP/2.0`,
    'Via: SIP/2.0/UDP 203.0.113.7:5060;rport;branch=z9hG4bK-524287-1---a2b4c6d8e0f1',
    'Max-Forwards: 70',
    'From: "Caller" <sip:+15550100@customer.example>;tag=8f3a2b1c',
    `To: <${URI}>`,
    'Call-ID: a84b4c76e66710@203.0.113.7',
    'CSeq: 2 INVITE',
    'Contact: <sip:caller@203.0.113.7:5060>',
    `Proxy-Authorization: Digest username="${APPLICATION}", realm="${REALM}", nonce="${nonce}", uri="${URI}", ` +
      `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"`,
    'Content-Type: application/sdp',
  ].join('\r\n');
  const sdp =
    'v=0\r\no=- 1 1 IN IP4 203.0.113.7\r\ns=-\r\nc=IN IP4 203.0.113.7\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';
  const length = MESSAGE_OCTETS - head.length - '\r\nContent-Length: 000\r\n\r\n'.length;
  if (length < 0) throw new Error(`the header fields alone exceed ${MESSAGE_OCTETS} octets by ${-length}`);
  const body = sdp.slice(0, length).padEnd(length, 'a');
  return Buffer.from(
    `${head}\r\nContent-Length: ${String(length).padStart(3, '0')}\r\n\r\n${body}`,
    'latin1',
  );
}

function measure(name: string, once: () => unknown): void {
  const microseconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < CALLS_A_ROUND; i++) once();
    const { user, system } = process.cpuUsage(start);
    microseconds.push((user + system) / CALLS_A_ROUND);
  }
  // The first round warms up; of the rest the median and the best.
  const settled = microseconds.slice(1).toSorted((a, b) => a - b);
  const median = settled[settled.length >> 1] ?? Number.NaN;
  console.log(
    `${name.padEnd(36)} ${median.toFixed(2).padStart(7)} µs   best ${(settled[0] ?? Number.NaN).toFixed(2)}`,
  );
}

const now = Date.now();
const nonces = new NonceIssuer(systemRandom.bytes(32), 60_000, systemRandom);
const own = new OwnAddresses([{ address: '198.18.67.33', port: 6160 }], REALM);
const loops = new LoopGuard(systemRandom.bytes(32), 'bench', own);
const view: PolicyView = {
  realm: REALM,
  directory: { find: (user) => (user === APPLICATION ? application : undefined) },
  regionOf: () => 'US',
  loops,
  nonces,
  nonceCounts: new NonceCounts(60_000, now),
};

const packet = inviteText(nonces.issue(now));
const plain = Buffer.from(packet.toString('latin1').replace(/Proxy-Authorization:[^\r]*\r\n/, ''), 'latin1');

function parsed(text: Buffer): SipRequest {
  const message = parseMessage(text);
  if (!(message instanceof SipRequest)) throw new Error('the INVITE of this benchmark is malformed');
  return message;
}

const invite = parsed(packet);
const source = 0xcb007107;
const decided = decide({ request: invite, source, inDialog: false }, view, now);
if (decided.action !== 'deliver')
  throw new Error(`the call of this benchmark is not let in: ${decided.reason}`);

console.log(
  `node ${process.version}, INVITE of ${packet.length} octets, CPU time a call, median of ${ROUNDS - 1} rounds`,
);
measure('parse', () => parseMessage(packet));
measure('parse, without credentials', () => parseMessage(plain));
measure('parse and decide: digest right', () =>
  decide({ request: parsed(packet), source, inDialog: false }, view, now),
);
measure('parse and decide: no credentials', () =>
  decide({ request: parsed(plain), source, inDialog: false }, view, now),
);
measure('decide: digest right', () => decide({ request: invite, source, inDialog: false }, view, now));
measure('new nonce', () => nonces.issue(now));
measure('branch with loop hash', () => loops.branchOf(invite));
measure('forwarded INVITE', () =>
  forwardedRequest(invite, {
    via: 'SIP/2.0/UDP 198.18.67.33:40000;branch=z9hG4bKbench;rport',
    receivedVia: viaWithSource(invite.via, '203.0.113.7', 5060),
    recordRoute: '<sip:198.18.67.33:6160;lr>',
    maxForwards: 69,
    popsRoute: false,
    drops: (field) => field.key.startsWith('x-') || field.key === 'proxy-authorization',
  }),
);
measure('100 Trying', () => responseTo(invite, invite.via.text, { status: 100 }));
