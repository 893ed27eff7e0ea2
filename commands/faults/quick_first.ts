import type { Plugin } from '@cucumber/cucumber/api';

/** Scenarios with one of these tags take seconds. */
const SLOW: ReadonlySet<string> = new Set(['@long', '@longest']);

/** A plugin of cucumber: quick scenarios begin before slow ones, whatever else their order is. */
const plugin: Plugin<object> = {
  type: 'plugin',
  optionsKey: 'quickFirst',
  coordinator({ transform }) {
    transform('pickles:order', (scenarios) =>
      scenarios.toSorted((a, b) => Number(isSlow(a)) - Number(isSlow(b))),
    );
  },
};
export default plugin;

function isSlow({
  pickle,
}: {
  readonly pickle: { readonly tags: readonly { readonly name: string }[] };
}): boolean {
  return pickle.tags.some(({ name }) => SLOW.has(name));
}
