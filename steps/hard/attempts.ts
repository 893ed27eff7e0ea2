import { Then } from '@cucumber/cucumber';

import { gotThrough, keptOut, ofEach, refused, refusedOrDropped } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import type { ConformanceWorld } from '../world.ts';

Then('each gets a refusal', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, refused));
});

Then('each gets a refusal or no answer', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, refusedOrDropped));
});

Then('none is passed on', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, keptOut));
});

Then('each gets through', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, gotThrough));
});
