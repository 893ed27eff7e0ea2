import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import type { Call } from '../traffic/call.ts';
import { readChallenge } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the INVITE delivered to the voice platform';

function deliveredInvites({ delivered = [] }: Pick<Call, 'delivered'>): readonly WireMessage[] {
  return delivered.filter(({ method }) => method === 'INVITE');
}

/** The INVITE that should get through: the caller's last one. */
function sentInvite(call: Call): WireMessage | undefined {
  return call.messages.findLast(({ method }) => method === 'INVITE');
}

/** The delivered INVITE has this many hops left in Max-Forwards (rule sip.hops.decrement). */
export function deliveredWithHops(call: Pick<Call, 'delivered'>, hops: number): Match {
  const wish = `Max-Forwards: ${hops}`;
  const [invite] = deliveredInvites(call);
  if (!invite) return mismatch(wish, 'no INVITE was delivered', 'the ladder');
  const value = invite.header('Max-Forwards');
  return Number(value) === hops ? matched : mismatch(wish, `Max-Forwards: ${value ?? '(missing)'}`, WHERE);
}

/** The delivered INVITE has one hop less than it was sent with, and 70 where it had none (rule sip.hops.decrement). */
export function deliveredOneHopLess({ sent, delivered }: Pick<Attempt, 'sent' | 'delivered'>): Match {
  const [, hops] = /^Max-Forwards: (\d+)\r$/m.exec(sent) ?? [];
  return deliveredWithHops({ delivered }, hops === undefined ? 70 : Number(hops) - 1);
}

/**
 * The INVITE reached the voice platform in one transaction (one branch), however often the caller sent it.
 * Rule: sip.transaction.retransmit.
 */
export function deliveredOnce(call: Pick<Call, 'delivered'>): Match {
  const branches = new Set(deliveredInvites(call).map((invite) => invite.header('Via')));
  return branches.size === 1
    ? matched
    : mismatch('one INVITE at the voice platform', `${branches.size} of them`, 'the ladder');
}

/**
 * These headers reach the voice platform with their values and order unchanged.
 * Rule: sip.headers.standard-kept.
 */
export function deliveredUnchanged(call: Call, names: readonly string[]): Match {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const of = (message: WireMessage | undefined): string[] =>
    (message?.headers ?? [])
      .filter(([name]) => wanted.has(name.trim().toLowerCase()))
      .map(([name, value]) => `${name.trim()}: ${value}`);
  const sent = of(sentInvite(call));
  const came = of(deliveredInvites(call)[0]);
  return sent.length > 0 && sent.join('\n') === came.join('\n')
    ? matched
    : mismatch(sent.join(' | ') || 'the headers sent', came.join(' | ') || 'none of them', WHERE);
}

/** What a CANCEL has in common with the INVITE that it cancels (RFC 3261 section 9.1). */
const CANCELLED_BY: Readonly<Record<string, (message: WireMessage) => string | undefined>> = {
  'Request-URI': ({ startLine }) => startLine.split(' ')[1],
  branch: (message) => /branch\s*=\s*([^;,\s]+)/i.exec(message.header('Via') ?? '')?.[1],
  From: (message) => message.header('From'),
  To: (message) => message.header('To'),
  'CSeq number': ({ cseq }) => String(cseq?.number),
};

/** The called side got a CANCEL, and it is one of the INVITE that was delivered (rule sip.cancel). */
export function cancelDelivered({ delivered = [] }: Pick<Call, 'delivered'>): Match {
  const wish = 'a CANCEL of the INVITE that rings';
  const cancel = delivered.find(({ method }) => method === 'CANCEL');
  const [invite] = deliveredInvites({ delivered });
  if (!cancel || !invite) return mismatch(wish, 'no CANCEL was delivered', 'the ladder');
  const where = 'the CANCEL delivered to the voice platform';
  for (const [name, valueOf] of Object.entries(CANCELLED_BY)) {
    const [asked, came] = [valueOf(invite), valueOf(cancel)];
    if (asked !== came) return mismatch(`${wish}, with its ${name}: ${asked}`, `${name}: ${came}`, where);
  }
  return matched;
}

/** No credentials for this realm reach the voice platform (rule sip.headers.credentials-consumed). */
export function credentialsConsumed(call: Call, realm: string): Match {
  const forwarded = deliveredInvites(call).flatMap((invite) => invite.all('Proxy-Authorization'));
  return forwarded.some((value) => readChallenge(value).parameters.get('realm') === realm)
    ? mismatch(`no Proxy-Authorization for the realm "${realm}"`, 'the credentials, forwarded', WHERE)
    : matched;
}

/**
 * All credentials for this realm, which is not the service's, reach the voice platform as they were sent.
 * Rule: sip.auth.foreign-realm.
 */
export function credentialsPassedOn(call: Call, realm: string): Match {
  const of = (message: WireMessage | undefined): string[] =>
    (message?.all('Proxy-Authorization') ?? []).filter(
      (value) => readChallenge(value).parameters.get('realm') === realm,
    );
  const sent = of(sentInvite(call));
  const came = of(deliveredInvites(call)[0]);
  return sent.length > 0 && sent.join('\n') === came.join('\n')
    ? matched
    : mismatch(
        `${sent.length} Proxy-Authorization for the realm "${realm}", as they were sent`,
        `${came.length} of them`,
        WHERE,
      );
}

/** The service put itself on the route of the dialog, as a loose router (rule sip.dialog.in-route). */
export function recordsRoute(call: Call): Match {
  const [invite] = deliveredInvites(call);
  const route = invite?.header('Record-Route');
  return route !== undefined && /;\s*lr\b/i.test(route)
    ? matched
    : mismatch(
        'Record-Route with ;lr',
        route === undefined ? 'no Record-Route' : `Record-Route: ${route}`,
        WHERE,
      );
}

/**
 * This request of the call reached the voice platform. Matches too where no stand-in of ours is there.
 * Rules: sip.auth.accepted, sip.cancel, sip.dialog.in-route.
 */
export function voicePlatformReceived(call: Call, method: string): Match {
  if (call.delivered === undefined) return matched;
  const sender = deliveredInvites(call)[0]?.source;
  const arrived = call.delivered.some(
    (message) => message.method === method && message.source.address === sender?.address,
  );
  return arrived ? matched : mismatch(`${method} at the voice platform`, 'it never came', 'the ladder');
}
