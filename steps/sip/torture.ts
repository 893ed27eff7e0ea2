import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Then, When } from '@cucumber/cucumber';

import { must } from '../../harness/expect/match.ts';
import { aliveAfterwards, DROPPED, rawAnswered, unsupportedNamed } from '../../harness/expect/raw.ts';
import type { ConformanceWorld } from '../world.ts';

const FOLDER = 'vectors/rfc4475';

/** Rule: sip.malformed. */
When(
  /^the torture message (\w+) arrives, whose answer is one of ([\w ]+)$/,
  async function (this: ConformanceWorld, name: string, acceptable: string) {
    const file = `${name}.dat`;
    const number = readdirSync(FOLDER).toSorted().indexOf(file);
    await this.sendRaw(readFileSync(join(FOLDER, file)), number, !acceptable.split(' ').includes(DROPPED));
  },
);

Then(/^it is answered with one of ([\w ]+)$/, function (this: ConformanceWorld, acceptable: string) {
  must(rawAnswered(this.raw, acceptable.split(' ')));
});

Then('a 420 names what is not supported', function (this: ConformanceWorld) {
  must(unsupportedNamed(this.raw));
});

Then('the service is alive', function (this: ConformanceWorld) {
  must(aliveAfterwards(this.raw));
});
