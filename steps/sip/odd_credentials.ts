import { Then, When, type DataTable } from '@cucumber/cucumber';

import { passwordOf } from '../../harness/clients/application.ts';
import { answeredWith } from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { authorization, inviteLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { userOf } from './dial.ts';

/** Makes a header line that proves nothing, of one with the right answer to a fresh nonce. */
type Make = (right: string, world: ConformanceWorld) => string;

function without(name: string): Make {
  return (right) =>
    right.replace(new RegExp(`(, ${name}=("[^"]*"|[^,]*))|(?<=Digest )${name}="[^"]*", `), '');
}

function withInstead(name: string, value: string): Make {
  return (right) => right.replace(new RegExp(`, ${name}=("[^"]*"|[^,]*)`), `, ${name}=${value}`);
}

/** Credentials that are none, by the name a feature gives them. */
const CREDENTIALS: Readonly<Record<string, Make>> = {
  'the password in Basic'(_right, world) {
    const { application } = world;
    const pair = `${userOf(world, application)}:${passwordOf(application)}`;
    return `Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
  },
  'the password in Bearer': (_right, { application }) =>
    `Proxy-Authorization: Bearer ${passwordOf(application)}`,
  'the right digest under another scheme': (right) => right.replace('Digest', 'Digestive'),
  'the scheme and the parameters in one word': (right) => right.replace('Digest ', 'Digest'),
  'semicolons between the parameters': (right) => right.replaceAll(', ', '; '),
  'words between the parameters': (right) => right.replaceAll(', ', ' and, '),
  'nothing between the parameters': (right) => right.replaceAll(', ', ' '),
  'the right digest without a realm': without('realm'),
  'the right digest without a nonce': without('nonce'),
  'the right digest without a uri': without('uri'),
  'the right digest without a nonce count': without('nc'),
  'the right digest without a client nonce': without('cnonce'),
  'no response': without('response'),
  'a qop that was not offered': withInstead('qop', 'nothing-like-it'),
  'an algorithm that nobody has': withInstead('algorithm', 'NOTHING-LIKE-IT'),
  'a nonce count that is no number': withInstead('nc', '0000000g'),
  'an empty response': withInstead('response', '""'),
  'a part of the right digest': (right) => right.replace(/(response="[^"]*)[^"]"/, '$1"'),
  'more than the right digest': (right) => right.replace(/(response="[^"]*)"/, '$10"'),
  'the right digest in a list': (right) => right.replace(/response="([^"]*)"/, 'response="$1,$1"'),
  'a scheme and nothing else': () => 'Proxy-Authorization: Digest',
  'no value': () => 'Proxy-Authorization:',
  'a parameter without a value': () => 'Proxy-Authorization: Digest username=, realm',
  'a quotation without an end': (right) => right.replace(/",/, ','),
};

/** Rule: sip.challenge. */
When(
  'INVITEs come with these in Proxy-Authorization',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const [name = ''] of table.raw()) {
      const make = CREDENTIALS[name];
      if (!make) throw new HarnessError(`no credentials are called "${name}"`);
      const nonce = await nonceFor(this, caller, 'unseen');
      const lines = inviteLines(this, caller);
      const others = [...lines.others, make(authorization(this, { nonce, count: 1 }), this)];
      invites[name] = { ...lines, others };
    }
    await this.attempt(caller, invites);
  },
);

Then(
  /^each of them is answered with (\d+(?:, \d+)*) or (\d+)$/,
  function (this: ConformanceWorld, some: string, last: string) {
    const statuses = [...some.split(', '), last].map(Number);
    must(ofEach(this.lastRound, (attempt) => answeredWith(attempt, ...statuses)));
  },
);
