const MOST_KEPT = 10;

/** The scenarios that killed a mutant lately: they often kill its neighbours in the code too. */
export class LatestKillers {
  #places: readonly string[] = [];

  /** The scenario at this place has killed a mutant. */
  add(place: string): void {
    this.#places = [place, ...this.#places.filter((one) => one !== place)].slice(0, MOST_KEPT);
  }

  /** The same scenarios: first those that killed lately, the latest first, then the others in their order. */
  first(places: readonly string[]): readonly string[] {
    const killers = this.#places.filter((place) => places.includes(place));
    return [...killers, ...places.filter((place) => !killers.includes(place))];
  }
}
