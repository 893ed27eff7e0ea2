import { scrypt, timingSafeEqual } from 'node:crypto';

import type { NewClientSecret } from '../store.ts';

const COST = { N: 16384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const SECRET_BYTES = 24;
const SECRET_ID_BYTES = 12;
const FORM = /^scrypt\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

type RandomBytes = (size: number) => Buffer;

/** A new client secret: 192 random bits, in unreserved characters of RFC 3986 only. */
export function freshClientSecret(randomBytes: RandomBytes): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of a client secret. */
export async function storedClientSecret(secret: string, randomBytes: RandomBytes): Promise<NewClientSecret> {
  return {
    secretId: randomBytes(SECRET_ID_BYTES).toString('base64url'),
    secretHash: await secretHashOf(secret, randomBytes(SALT_BYTES)),
  };
}

/** A salted scrypt hash (RFC 7914) of a client secret: `scrypt$salt$key`, both base64url. `salt` is 16 random bytes. */
export async function secretHashOf(secret: string, salt: Buffer): Promise<string> {
  const key = await derivedKey(secret, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether the secret has this hash, compared in constant time. Rejects if the hash is malformed. */
export async function secretMatches(secret: string, secretHash: string): Promise<boolean> {
  const parts = FORM.exec(secretHash);
  if (parts === null) throw new Error('stored secret hash is not of the form scrypt$salt$key');
  const [, salt = '', expected = ''] = parts;
  const key = await derivedKey(secret, Buffer.from(salt, 'base64url'));
  // To scrypt, a short text and the same text with NULs behind it are one: its HMAC fills a key up with NULs (RFC 2104).
  return timingSafeEqual(key, Buffer.from(expected, 'base64url')) && !secret.includes('\0');
}

function derivedKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
