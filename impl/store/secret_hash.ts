import { scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 16384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const FORM = /^scrypt\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** A salted scrypt hash (RFC 7914) of a client secret: `scrypt$salt$key`, both base64url. `salt` is 16 random bytes. */
export async function secretHashOf(secret: string, salt: Buffer): Promise<string> {
  const key = await derivedKey(secret, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether the secret is the one that was hashed; compared in constant time. Throws on a hash that is none. */
export async function secretMatches(secret: string, secretHash: string): Promise<boolean> {
  const parts = FORM.exec(secretHash);
  if (parts === null) throw new Error('stored secret hash is not of the form scrypt$salt$key');
  const [, salt = '', expected = ''] = parts;
  const key = await derivedKey(secret, Buffer.from(salt, 'base64url'));
  return timingSafeEqual(key, Buffer.from(expected, 'base64url'));
}

function derivedKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
