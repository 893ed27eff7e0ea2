import { hash } from 'node:crypto';

import type { DigestAlgorithm, Ha1 } from './inbound_settings.ts';

const OPENSSL_NAMES: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** H(A1) = H(user:realm:password), lower-case hex, for each algorithm (RFC 7616 section 3.4.2). */
export function ha1Of(user: string, realm: string, password: string): Ha1 {
  const a1 = `${user}:${realm}:${password}`;
  return {
    MD5: hash(OPENSSL_NAMES.MD5, a1),
    'SHA-256': hash(OPENSSL_NAMES['SHA-256'], a1),
    'SHA-512-256': hash(OPENSSL_NAMES['SHA-512-256'], a1),
  };
}
