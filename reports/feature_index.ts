import type { GherkinDocument, Pickle, PickleStep, RuleChild } from '@cucumber/messages';

import { isRuleTag } from '../harness/rules.ts';

/** The columns and values of a row of an outline. */
export type Example = readonly (readonly [column: string, value: string])[];

/** A scenario's name, and the rule it tests. */
export interface NamedScenario {
  /** Undefined where the Rule has no rule-id tag, or several, or there is no Rule. */
  readonly ruleId: string | undefined;
  /** As in reports: for a row of an outline, with the row's values. */
  readonly name: string;
  /** As in the feature: the same for all rows of an outline. */
  readonly outline: string;
}

/** Where a scenario stands in its feature. */
export interface Place {
  readonly feature: string;
  readonly rule: string;
  /** Undefined where the Rule has no rule-id tag, or several, or there is no Rule. */
  readonly ruleId: string | undefined;
  readonly line: number;
}

interface IndexedScenario extends Place {
  readonly name: string;
}

const NOWHERE: IndexedScenario = { feature: '', rule: '', ruleId: undefined, line: 0, name: '' };

/** Finds scenarios and steps of the features by the ids that messages refer to. */
export class FeatureIndex {
  readonly #scenarios = new Map<string, IndexedScenario>();
  readonly #rows = new Map<string, Example>();
  readonly #keywords = new Map<string, string>();

  add({ feature }: GherkinDocument): void {
    for (const child of feature?.children ?? []) {
      const { rule } = child;
      const ids = rule?.tags.filter((tag) => isRuleTag(tag.name)) ?? [];
      const ruleId = ids.length === 1 ? ids[0]?.name.slice(1) : undefined;
      for (const inner of rule?.children ?? [child])
        this.#addChild(inner, { feature: feature?.name ?? '', rule: rule?.name ?? '', ruleId });
    }
  }

  #addChild({ scenario, background }: RuleChild, place: Omit<Place, 'line'>): void {
    for (const step of [...(scenario?.steps ?? []), ...(background?.steps ?? [])])
      this.#keywords.set(step.id, step.keyword);
    if (!scenario) return;
    const { id, name, location, examples } = scenario;
    this.#scenarios.set(id, { ...place, line: location.line, name });
    for (const { tableHeader, tableBody } of examples)
      for (const row of tableBody) {
        const columns = tableHeader?.cells ?? [];
        this.#rows.set(
          row.id,
          row.cells.map((cell, at) => [columns[at]?.value ?? '', cell.value] as const),
        );
      }
  }

  placeOf(pickle: Pickle | undefined): Place {
    return this.#scenarioOf(pickle);
  }

  namesOf(pickle: Pickle | undefined): NamedScenario {
    const { ruleId, name: outline } = this.#scenarioOf(pickle);
    return { ruleId, name: this.#nameOf(pickle), outline };
  }

  /** The row that a scenario was made from; empty outside an outline. */
  exampleOf(pickle: Pickle | undefined): Example {
    return this.#rows.get(pickle?.astNodeIds[1] ?? '') ?? [];
  }

  /** The scenario's name; in brackets those values of its row that the name does not contain. */
  #nameOf(pickle: Pickle | undefined): string {
    const outline = this.#scenarioOf(pickle).name;
    const unnamed = this.exampleOf(pickle).filter(([column]) => !outline.includes(`<${column}>`));
    const values = unnamed.length > 0 ? ` [${unnamed.map(([, value]) => value).join(', ')}]` : '';
    return `${pickle?.name ?? ''}${values}`;
  }

  /** The step as it stands in the feature, keyword and all. */
  textOf(step: PickleStep | undefined): string {
    return `${this.#keywords.get(step?.astNodeIds[0] ?? '') ?? ''}${step?.text ?? ''}`;
  }

  #scenarioOf(pickle: Pickle | undefined): IndexedScenario {
    return this.#scenarios.get(pickle?.astNodeIds[0] ?? '') ?? NOWHERE;
  }
}
