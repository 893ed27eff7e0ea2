import { createHash } from 'node:crypto';

/** The values that make up a Digest answer (RFC 7616 section 3.4), MD5. */
export interface DigestAnswer {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent: an answer without qop, as RFC 2069 had it. */
  readonly qop?: {
    /** As it is to be written, where it is a text. */
    readonly nonceCount: number | string;
    readonly clientNonce: string;
  };
}

/** Of a text that has an octet a character. */
function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}

/** The value of a Proxy-Authorization header that answers a challenge. */
export function digestCredentials(answer: DigestAnswer): string {
  const { username, realm, password, method, uri, nonce, qop } = answer;
  const ha1 = md5(`${username}:${realm}:${password}`);
  const ha2 = md5(`${method}:${uri}`);
  const parameters = [
    `username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    'algorithm=MD5',
  ];
  if (!qop) return `Digest ${[...parameters, `response="${md5(`${ha1}:${nonce}:${ha2}`)}"`].join(', ')}`;
  const { nonceCount } = qop;
  const count = typeof nonceCount === 'string' ? nonceCount : nonceCount.toString(16).padStart(8, '0');
  const response = md5(`${ha1}:${nonce}:${count}:${qop.clientNonce}:auth:${ha2}`);
  parameters.push('qop=auth', `nc=${count}`, `cnonce="${qop.clientNonce}"`, `response="${response}"`);
  return `Digest ${parameters.join(', ')}`;
}
