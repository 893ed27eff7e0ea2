import type { Plugin } from '@cucumber/cucumber/api';

/** A plugin of cucumber: scenarios run in the order of `pluginOptions.listedOrder.places`, each `file:line`. */
const plugin: Plugin<{ readonly places: readonly string[] }> = {
  type: 'plugin',
  optionsKey: 'listedOrder',
  coordinator({ transform, options }) {
    const rank = new Map(options.places.map((place, index) => [place, index]));
    transform('pickles:order', (scenarios) =>
      scenarios
        .map((scenario) => ({
          scenario,
          rank: rank.get(`${scenario.pickle.uri}:${scenario.location.line}`) ?? Infinity,
        }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ scenario }) => scenario),
    );
  },
};
export default plugin;
