import { When, type DataTable } from '@cucumber/cucumber';

import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { authorization, inviteLines, nonceFor, octetsIn, type Credentials } from './knock.ts';

/** Writes a header line with credentials, of such as are right. */
type Writing = (right: Omit<Credentials, 'clientNonce'>, world: ConformanceWorld) => string;

const PARAMETERS: Readonly<Record<string, string>> = {
  'user name': 'username="b"',
  realm: 'realm="b"',
  nonce: 'nonce="b"',
  uri: 'uri="sip:b"',
  algorithm: 'algorithm=SHA-256',
  qop: 'qop=auth-int',
  'nonce count': 'nc=00000002',
  'client nonce': 'cnonce="b"',
  response: 'response="b"',
};

/** Credentials that break the grammar, by the name a feature gives them; the digest is right. */
const WRITINGS: Readonly<Record<string, Writing>> = {
  'a nonce count of seven digits': counted('0000001'),
  'a nonce count of nine digits': counted('000000001'),
  'a nonce count with a sign': counted('+0000001'),
  'a nonce count that is no number': counted('0000000g'),
  'a parameter without a value': (...right) => `${authorizationOf(...right)}, unknown`,
  'a parameter without a name': (...right) => `${authorizationOf(...right)}, ="unknown"`,
  ...Object.fromEntries(
    Object.entries(PARAMETERS).flatMap(([name, parameter]): [string, Writing][] => [
      [
        `another ${name} before the right one`,
        (...right) => authorizationOf(...right).replace('Digest ', `Digest ${parameter}, `),
      ],
      [`another ${name} behind the right one`, (...right) => `${authorizationOf(...right)}, ${parameter}`],
    ]),
  ),
};

function authorizationOf(...[right, world]: Parameters<Writing>): string {
  return authorization(world, right);
}

function counted(count: string): Writing {
  return (right, world) => authorization(world, { ...right, count });
}

/** An INVITE with each of these header lines, and a nonce of its own. */
async function attemptWith(
  world: ConformanceWorld,
  names: readonly string[],
  write: (name: string, nonce: string) => string,
): Promise<void> {
  const caller = await world.rawCaller();
  const invites: Record<string, RawLines> = {};
  for (const name of names) {
    const nonce = await nonceFor(world, caller, 'unseen');
    const lines = inviteLines(world, caller);
    invites[name] = { ...lines, others: [...lines.others, write(name, nonce)] };
  }
  await world.attempt(caller, invites);
}

/** Rule: hard.digest.form. */
When(
  'INVITEs come with the right digest, in credentials with',
  async function (this: ConformanceWorld, table: DataTable) {
    const names = table.raw().map(([name = '']) => name);
    await attemptWith(this, names, (name, nonce) => {
      const write = WRITINGS[name];
      if (!write) throw new HarnessError(`no credentials are called those with "${name}"`);
      return write({ nonce, count: 1 }, this);
    });
  },
);

/** Rule: sip.auth.accepted. */
When(
  'INVITEs come with the right password, and with these client nonces',
  async function (this: ConformanceWorld, table: DataTable) {
    const names = table.raw().map(([name = '']) => name);
    await attemptWith(this, names, (name, nonce) =>
      authorization(this, { nonce, count: 1, clientNonce: octetsIn(name) }),
    );
  },
);
