import { createHash } from 'node:crypto';

import { Branches } from '../impl/edge/branches.ts';
import type { PolicyView } from '../impl/edge/decision.ts';
import { LoopGuard } from '../impl/edge/loop.ts';
import { OwnAddresses } from '../impl/edge/own_address.ts';
import { decide } from '../impl/edge/policy.ts';
import { recordsFor, type RecordSource } from '../impl/edge/records.ts';
import { systemRandom } from '../impl/runtime/random.ts';
import { SipRequest } from '../impl/sip/message.ts';
import { NonceIssuer } from '../impl/sip/nonce.ts';
import { NonceCounts } from '../impl/sip/nonce_count.ts';
import { parseMessage } from '../impl/sip/parser.ts';
import { forwardedRequest, responseTo } from '../impl/sip/serialiser.ts';
import { viaWithSource } from '../impl/sip/via.ts';
import type { Ha1, InboundSettings } from '../impl/store/model/inbound_settings.ts';
import { cpuMicros } from './cpu_time.ts';
import { INVITE_OCTETS, inviteWithCredentials, withoutCredentials } from './invite.ts';

const REALM = 'sip-uri.voice-api.example';
const APPLICATION = '15f99d57-f823-4718-80cc-5d95d5b83e59';
const HA1 = createHash('md5').update(`${APPLICATION}:${REALM}:secret`).digest('hex');
const ha1: Ha1 = { MD5: HA1, 'SHA-256': '', 'SHA-512-256': '' };
/** 203.0.113.7 */
const SOURCE = 0xcb007107;
const SETTINGS: InboundSettings = {
  applicationId: APPLICATION,
  uriUser: '479fbd44-3362-45f3-bb80-284f21111be4',
  inboundSipCallsEnabled: true,
  credential: { applicationId: ha1, uriUser: ha1 },
  allowedSources: [{ network: 0xcb007100, mask: 0xffffff00 }],
  allowedRegions: ['US', 'EU'],
};

function parsed(text: Buffer): SipRequest {
  const message = parseMessage(text);
  if (!(message instanceof SipRequest)) throw new Error('the INVITE of this benchmark is malformed');
  return message;
}

/** Parses a request and reads what an edge needs to route and judge it. Throws if it is malformed. */
export function parsedForRouting(text: Buffer): unknown[] {
  const { method, uri, via, from, to, callId, cseq, maxForwards, contact } = parsed(text);
  return [method, uri, via, from, to, callId, cseq, maxForwards, contact];
}

/** The cost of the core without a socket: µs of CPU time of one call, by what is called. */
export function measureSipCore(): Record<string, number> {
  const now = Date.now();
  const nonces = new NonceIssuer(systemRandom.bytes(32), 60_000, systemRandom);
  const own = new OwnAddresses([{ address: '198.18.67.33', port: 6160 }], REALM);
  const loopKey = systemRandom.bytes(32);
  const branches = new Branches(loopKey, 'bench', 40_000);
  const loops = new LoopGuard(loopKey, branches, own);
  const view: PolicyView = {
    realm: REALM,
    own,
    loops,
    nonces,
    nonceCounts: new NonceCounts(60_000, now),
  };
  const from: RecordSource = {
    directory: { find: (user) => (user === APPLICATION ? SETTINGS : undefined) },
    regionOf: () => 'US',
  };
  const packet = inviteWithCredentials({
    application: APPLICATION,
    realm: REALM,
    ha1: HA1,
    nonce: nonces.issue(now),
  });
  const plain = withoutCredentials(packet);
  const invite = parsed(packet);
  const decidedOn = (request: SipRequest) =>
    decide(
      { request, source: SOURCE, inDialog: false, records: recordsFor(request, SOURCE, from) },
      view,
      now,
    );
  const decision = decidedOn(invite);
  if (decision.action !== 'deliver') {
    throw new Error(`the call of this benchmark was not delivered: ${decision.reason}`);
  }
  return {
    parse: cpuMicros(() => parseMessage(packet)),
    'parse, all routing fields read': cpuMicros(() => parsedForRouting(packet)),
    'parse, without credentials': cpuMicros(() => parseMessage(plain)),
    'parse and decide: digest right': cpuMicros(() => decidedOn(parsed(packet))),
    'parse and decide: no credentials': cpuMicros(() => decidedOn(parsed(plain))),
    'decide: digest right': cpuMicros(() => decidedOn(invite)),
    'new nonce': cpuMicros(() => nonces.issue(now)),
    'branch with loop hash': cpuMicros(() => loops.branchOf(invite)),
    'forwarded INVITE': cpuMicros(() =>
      forwardedRequest(invite, {
        via: 'SIP/2.0/UDP 198.18.67.33:40000;branch=z9hG4bKbench;rport',
        receivedVia: viaWithSource(invite.via, '203.0.113.7', 5060),
        recordRoute: '<sip:198.18.67.33:6160;lr>',
        maxForwards: 69,
        route: 'keep',
        isOverStream: false,
        drops: (field) => field.key.startsWith('x-') || field.key === 'proxy-authorization',
      }),
    ),
    '100 Trying': cpuMicros(() => responseTo(invite, invite.via.text, { status: 100 })),
  };
}

/** The figures as text for a terminal. */
export function sipCoreText(): string {
  const rows = Object.entries(measureSipCore()).map(
    ([name, micros]) => `${name.padEnd(36)} ${micros.toFixed(2).padStart(7)} µs`,
  );
  return `node ${process.version}, INVITE of ${INVITE_OCTETS} octets, CPU time a call\n${rows.join('\n')}\n`;
}
