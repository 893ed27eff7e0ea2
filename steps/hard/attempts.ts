import { Then } from '@cucumber/cucumber';

import {
  aliveAfter,
  gotThrough,
  keptOut,
  nothingInjected,
  nothingSmuggled,
  refused,
  refusedOrDropped,
} from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { ConformanceWorld } from '../world.ts';
import { INJECTED, SMUGGLED } from './headers.ts';

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

Then('nothing of them is smuggled through', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, (attempt) => nothingSmuggled(attempt, SMUGGLED)));
});

Then('no header line "Injected" comes of it', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, (attempt) => nothingInjected(attempt, INJECTED)));
});

Then('the service goes on', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, aliveAfter));
});
