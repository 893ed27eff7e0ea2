import type { WireMessage } from '../../capture/sip_messages.ts';

/** When a scripted peer acts: at the first copy of this request. The first INVITE is the one without credentials. */
export type Moment = 'first INVITE' | 'INVITE' | 'CANCEL' | 'BYE' | 'OPTIONS';

/** What it does then. Moves follow each other without a pause. */
export type Move =
  /**
   * A response with this status and reason phrase: an honest peer's, with the edits applied. `to`: to the request of
   * that earlier moment.
   */
  | {
      readonly answer: string;
      readonly edits: readonly Edit[];
      readonly fromOtherPort?: true;
      readonly to?: Moment;
    }
  /** The last response of that moment, once more. */
  | { readonly again: Moment }
  /** These octets. */
  | { readonly octets: string }
  /** The peer's half of the connection ends (TCP). */
  | 'half-close'
  | 'reset';

/** How a peer differs from an honest one: at each moment named, it makes these moves and no others. */
export type SipScript = Readonly<Partial<Record<Moment, readonly Move[]>>>;

/** A response before it is written. Headers are in order, names and values as they will be written. */
export interface Response {
  readonly statusLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A change of a response: what a scripted peer does wrong, or differently. */
export type Edit = (response: Response) => Response;

/** A response with this status and reason phrase. */
export function answer(statusAndReason: string, ...edits: readonly Edit[]): Move {
  return { answer: statusAndReason, edits };
}

/** Who an honest peer is. */
export interface PeerIdentity {
  readonly address: string;
  readonly port: number;
  readonly realm: string;
}

const SDP = ['v=0', 'o=peer 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
const BODY = [...SDP, 'm=audio 40000 RTP/AVP 0', ''].join('\r\n');

/** The response of an honest peer (RFC 3261 section 8.2.6, RFC 3581 section 4). */
export function honestResponse(request: WireMessage, status: string, peer: PeerIdentity): Response {
  const { source, protocol } = request;
  const isInvite = request.cseq?.method === 'INVITE';
  const body = isInvite && status.startsWith('2') ? BODY : '';
  const to = request.header('To') ?? '';
  const tagged = status.startsWith('100') || /;\s*tag=/i.test(to) ? to : `${to};tag=peer`;
  const received = `;received=${source.address};rport=${source.port}`;
  const headers: (readonly [string, string])[] = [
    ['Via', (request.header('Via') ?? '').replace(/;rport\b/, received)],
    ['From', request.header('From') ?? ''],
    ['To', tagged],
    ['Call-ID', request.callId ?? ''],
    ['CSeq', request.header('CSeq') ?? ''],
  ];
  if (isInvite && /^(1[^0]|2)/.test(status)) {
    const over = protocol === 'tcp' ? ';transport=tcp' : '';
    headers.push(['Contact', `<sip:peer@${peer.address}:${peer.port}${over}>`]);
  }
  if (status.startsWith('407')) {
    const nonce = `nonce="for-${request.callId}"`;
    headers.push(['Proxy-Authenticate', `Digest realm="${peer.realm}", ${nonce}, algorithm=MD5, qop="auth"`]);
  }
  if (body !== '') headers.push(['Content-Type', 'application/sdp']);
  headers.push(['Content-Length', String(body.length)]);
  return { statusLine: `SIP/2.0 ${status}`, headers, body };
}

/** What the INVITE gets that was cancelled. */
export const TERMINATED: Move = { answer: '487 Request Terminated', edits: [], to: 'INVITE' };

/** What an honest peer does. */
export const HONEST: Readonly<Record<Moment, readonly Move[]>> = {
  'first INVITE': [answer('100 Trying'), answer('407 Proxy Authentication Required')],
  INVITE: [answer('100 Trying'), answer('180 Ringing'), answer('200 OK')],
  CANCEL: [answer('200 OK'), TERMINATED],
  BYE: [answer('200 OK')],
  OPTIONS: [answer('200 Keepalive')],
};

/** The response as it goes over the wire. */
export function written({ statusLine, headers, body }: Response): string {
  return [
    statusLine,
    ...headers.map(([name, value]) => `${name}:${value === '' ? '' : ` ${value}`}`),
    '',
    body,
  ].join('\r\n');
}
