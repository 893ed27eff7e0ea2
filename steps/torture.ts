import { Then, When } from '@cucumber/cucumber';
import { readFileSync } from 'node:fs';
import { must } from '../harness/expect/match.ts';
import { aliveAfterwards, rawAnswered } from '../harness/expect/raw.ts';
import type { ConformanceWorld } from './world.ts';

When('the torture message {word} arrives', async function (this: ConformanceWorld, name: string) {
  await this.sendRaw(readFileSync(`scenarios/torture/${name}.dat`));
});

Then(/^it is answered with one of ([\w ]+)$/, function (this: ConformanceWorld, acceptable: string) {
  must(rawAnswered(this.raw, acceptable.split(' ')));
});

Then('the service is alive', function (this: ConformanceWorld) {
  must(aliveAfterwards(this.raw));
});
