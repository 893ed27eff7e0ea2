import { createHash } from 'node:crypto';

/** The size, in octets, of the INVITE that the parsers are measured with. */
export const INVITE_OCTETS = 900;

/** The input of the INVITE's digest. */
export interface InviteAuthentication {
  readonly application: string;
  readonly realm: string;
  /** MD5 of user, realm and password (RFC 7616 3.4.2). */
  readonly ha1: string;
  readonly nonce: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** An INVITE with credentials and a body, `INVITE_OCTETS` long. Throws if its header fields alone are longer. */
export function inviteWithCredentials({ application, realm, ha1, nonce }: InviteAuthentication): Buffer {
  const uri = `sip:${application}@${realm}`;
  const response = md5(`${ha1}:${nonce}:00000001:0a4f113b:auth:${md5(`INVITE:${uri}`)}`);
  const head = [
    `INVITE ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP 203.0.113.7:5060;rport;branch=z9hG4bK-524287-1---a2b4c6d8e0f1',
    'Max-Forwards: 70',
    'From: "Caller" <sip:+15550100@customer.example>;tag=8f3a2b1c',
    `To: <${uri}>`,
    'Call-ID: a84b4c76e66710@203.0.113.7',
    'CSeq: 2 INVITE',
    'Contact: <sip:caller@203.0.113.7:5060>',
    `Proxy-Authorization: Digest username="${application}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"`,
    'Content-Type: application/sdp',
  ].join('\r\n');
  const sdp =
    'v=0\r\no=- 1 1 IN IP4 203.0.113.7\r\ns=-\r\nc=IN IP4 203.0.113.7\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';
  const length = INVITE_OCTETS - head.length - '\r\nContent-Length: 000\r\n\r\n'.length;
  if (length < 0) throw new Error(`the header fields alone exceed ${INVITE_OCTETS} octets by ${-length}`);
  const body = sdp.slice(0, length).padEnd(length, 'a');
  return Buffer.from(
    `${head}\r\nContent-Length: ${String(length).padStart(3, '0')}\r\n\r\n${body}`,
    'latin1',
  );
}

/** The same without its credentials. */
export function withoutCredentials(invite: Buffer): Buffer {
  return Buffer.from(invite.toString('latin1').replace(/Proxy-Authorization:[^\r]*\r\n/, ''), 'latin1');
}
