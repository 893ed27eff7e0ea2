import type { CoordinatorTransformValues, Plugin } from '@cucumber/cucumber/api';

import { Randomness } from '../../harness/randomness.ts';

/** A scenario with this tag waits longer than all others take together. It begins before any of them. */
const LONGEST = '@longest';
/** A scenario with this tag waits for seconds. It begins first, and the others run meanwhile. */
const LONG = '@long';
/** A scenario with this tag measures the target, and what others do there would show. It begins last. */
const LAST = '@last';
/** A scenario with this tag takes from the target what others need, so that none runs beside it. It begins after all. */
const ALONE = '@alone';

type Scenarios = CoordinatorTransformValues['pickles:order'];

/**
 * The scenarios in an order that only the seed decides: the longest and long ones first, those that measure last, then those that run
 * alone, the others at random. The order given does not matter, and a selection keeps the order it has among all
 * scenarios.
 */
export function inSeededOrder(scenarios: Scenarios, seed: number): Scenarios {
  const order = new Randomness(seed).fork('order');
  return scenarios
    .map((scenario) => {
      const { pickle, location } = scenario;
      const isTagged = (tag: string): boolean => pickle.tags.some(({ name }) => name === tag);
      const group = isTagged(ALONE) ? 4 : isTagged(LAST) ? 3 : isTagged(LONGEST) ? 0 : isTagged(LONG) ? 1 : 2;
      return { scenario, rank: `${group} ${order.fork(`${pickle.uri}:${location.line}`).hex(8)}` };
    })
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ scenario }) => scenario);
}

/** A plugin of cucumber, which is given the seed as `pluginOptions.scenarioOrder.seed`. */
const plugin: Plugin<{ readonly seed: number }> = {
  type: 'plugin',
  optionsKey: 'scenarioOrder',
  coordinator({ transform, options }) {
    transform('pickles:order', (scenarios) => inSeededOrder(scenarios, options.seed));
  },
};
export default plugin;
