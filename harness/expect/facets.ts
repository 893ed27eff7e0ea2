/** What an answer consists of, by name, each with its value as text. */
export type Facets = ReadonlyMap<string, string>;

/** A facet that tells two kinds of answers apart, with its value in each. */
export interface TellingFacet {
  readonly name: string;
  readonly ones: string;
  readonly others: string;
}

const ABSENT = 'nothing';

/**
 * The first facet that tells samples of one kind of answer from those of another; undefined where none does. What differs
 * between samples of one kind, such as the id of an error, does not characterize the kind.
 */
export function tellingFacet(ones: readonly Facets[], others: readonly Facets[]): TellingFacet | undefined {
  const names = new Set([...ones, ...others].flatMap((facets) => [...facets.keys()]));
  for (const name of names) {
    const [first, second] = [constantOf(name, ones), constantOf(name, others)];
    const isVaried = first === undefined || second === undefined;
    if (first === second || (isVaried && first !== ABSENT && second !== ABSENT)) continue;
    return { name, ones: shown(first), others: shown(second) };
  }
  return undefined;
}

/** The value that all share, `ABSENT` where none has one; undefined where it varies. */
function constantOf(name: string, all: readonly Facets[]): string | undefined {
  const [value = ABSENT, ...rest] = all.map((facets) => facets.get(name) ?? ABSENT);
  return rest.every((one) => one === value) ? value : undefined;
}

function shown(constant: string | undefined): string {
  return constant ?? 'a value that varies';
}
