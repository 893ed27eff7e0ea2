import type { FoundFault } from '../../faults/catalogue.ts';
import type { Randomness } from '../../harness/randomness.ts';

/** One fault in so many is drawn. */
const OF = 4;

/** A quarter of each rule's faults, rounded up, in their order. Equal seeds draw equal faults of a rule. */
export function sampleOf(faults: readonly FoundFault[], randomness: Randomness): readonly FoundFault[] {
  const ofRules = Map.groupBy(faults, ({ fault }) => fault.rule);
  const drawn = new Set([...ofRules].flatMap(([rule, own]) => draw(own, randomness.fork(rule))));
  return faults.filter((one) => drawn.has(one));
}

function draw(own: readonly FoundFault[], randomness: Randomness): readonly FoundFault[] {
  const left = [...own];
  return Array.from({ length: Math.ceil(own.length / OF) }, () =>
    left.splice(randomness.integer(0, left.length), 1),
  ).flat();
}
