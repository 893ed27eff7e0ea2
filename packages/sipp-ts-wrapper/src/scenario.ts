import { LineCounter } from './line_counter.ts';
import { assertReadable, readScenarioText } from './scenario_file.ts';
import {
  ACTION_ATTRIBUTES,
  EXPANDED_ATTRIBUTES,
  KEYWORD_FAMILY,
  SECTION_ATTRIBUTES,
  SIMPLE_KEYWORDS,
  STEP_ATTRIBUTES,
} from './scenario_grammar.ts';
import { SippError, type SippErrorCode } from './sipp_error.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** One step of a scenario, in SIPp's numbering. */
export interface ScenarioStep {
  element: string;
  line: number;
  /** What a `<recv>` waits for: a status code, or a method; undefined for the other steps. */
  expects: string | undefined;
  optional: boolean;
}

/** A scenario that passed every check that can be made before SIPp runs. */
export interface Scenario {
  /** The path as given. */
  file: string;
  /** Whether calls start with a `<send>` (client) or a `<recv>` (server). */
  role: 'client' | 'server';
  steps: ScenarioStep[];
}

/** What the options allow a scenario to use. */
export interface ScenarioContext {
  /** Names of generic keywords (`-key`). */
  keys: readonly string[];
  /** Fields in the shortest row; undefined where rows come from elsewhere and cannot be checked. */
  fields: number | undefined;
}

/**
 * Reads a scenario, and checks what SIPp checks too late, wrongly or not at all.
 * @throws {SippError} SCENARIO_MISSING, SCENARIO_MALFORMED, SCENARIO_UNKNOWN_KEYWORD, SCENARIO_UNKNOWN_ELEMENT,
 * SCENARIO_UNKNOWN_ATTRIBUTE; OPTIONS_INVALID where the scenario uses a field that the rows do not have.
 */
export async function readScenario(file: string, context: ScenarioContext): Promise<Scenario> {
  return checkScenario(file, await readScenarioText(file), context);
}

/** `readScenario` for a text already read. */
export function checkScenario(file: string, source: string, context: ScenarioContext): Scenario {
  assertReadable(file, source);
  const root = parseXml(source);
  if ('problem' in root) throw new SippError('SCENARIO_MALFORMED', root.problem, { file, line: root.line });
  return new ScenarioCheck(file, context).scenario(root);
}

/** SIPp's own limit (KEYWORD_SIZE). */
const LONGEST_KEYWORD = 256;

class ScenarioCheck {
  readonly #file: string;
  readonly #context: ScenarioContext;

  constructor(file: string, context: ScenarioContext) {
    this.#file = file;
    this.#context = context;
  }

  scenario(root: XmlElement): Scenario {
    if (root.name !== 'scenario') {
      this.#fail('SCENARIO_MALFORMED', `the root must be <scenario>, not <${root.name}>`, root.line);
    }
    this.#attributes(root, ['name']);
    const steps: ScenarioStep[] = [];
    for (const element of root.children) {
      const attributes = STEP_ATTRIBUTES.get(element.name);
      if (attributes === undefined) this.#section(element);
      else steps.push(this.#step(element, attributes));
    }
    const first = steps.find(({ element }) => element !== 'pause' && element !== 'nop');
    if (first === undefined) {
      this.#fail(
        'SCENARIO_MALFORMED',
        'the scenario neither sends nor receives; add a <send> or a <recv>',
        root.line,
      );
    }
    return { file: this.#file, role: first.element.startsWith('send') ? 'client' : 'server', steps };
  }

  #step(element: XmlElement, known: readonly string[]): ScenarioStep {
    this.#attributes(element, known);
    for (const child of element.children) {
      if (child.name !== 'action') this.#unknown(child, element.name, ['action']);
      for (const action of child.children) this.#action(action);
    }
    if (element.name === 'send' || element.name === 'sendCmd') this.#message(element);
    const response = element.attributes.get('response')?.value;
    const request = element.attributes.get('request')?.value;
    if (element.name === 'recv' && (response === undefined) === (request === undefined)) {
      this.#fail('SCENARIO_MALFORMED', '<recv> needs one of response="…" and request="…"', element.line);
    }
    return {
      element: element.name,
      line: element.line,
      expects: response ?? request,
      optional: !['false', undefined].includes(element.attributes.get('optional')?.value),
    };
  }

  #section(element: XmlElement): void {
    const known = SECTION_ATTRIBUTES.get(element.name);
    if (known === undefined) {
      this.#unknown(element, 'scenario', [...STEP_ATTRIBUTES.keys(), ...SECTION_ATTRIBUTES.keys()]);
    }
    this.#attributes(element, known);
    if (element.name === 'DefaultMessage') this.#message(element);
    if (element.name !== 'init') return;
    for (const child of element.children) {
      if (child.name === 'nop') this.#step(child, STEP_ATTRIBUTES.get('nop')!);
      else if (child.name !== 'label') this.#unknown(child, 'init', ['nop', 'label']);
    }
  }

  #action(action: XmlElement): void {
    const known = ACTION_ATTRIBUTES.get(action.name);
    if (known === undefined) this.#unknown(action, 'action', [...ACTION_ATTRIBUTES.keys()]);
    this.#attributes(action, known);
    for (const name of EXPANDED_ATTRIBUTES.get(action.name) ?? []) {
      const attribute = action.attributes.get(name);
      if (attribute !== undefined) this.#keywords(attribute.value, attribute.line);
    }
  }

  #message(element: XmlElement): void {
    if (element.cdata === undefined || element.cdata.text.trim() === '') {
      this.#fail(
        'SCENARIO_MALFORMED',
        `<${element.name}> needs its message in <![CDATA[ … ]]>`,
        element.line,
      );
    }
    this.#keywords(element.cdata.text, element.cdata.line);
  }

  #attributes(element: XmlElement, known: readonly string[]): void {
    for (const [name, { line }] of element.attributes) {
      if (known.includes(name)) continue;
      const mend = suggestion(name, known);
      this.#fail(
        'SCENARIO_UNKNOWN_ATTRIBUTE',
        `<${element.name}> has no attribute ${name}, and SIPp would ignore it${mend}`,
        line,
      );
    }
  }

  /** Follows SIPp's own scan of a message for `[keywords]`. */
  #keywords(text: string, firstLine: number): void {
    const lines = new LineCounter(text, firstLine);
    for (let open = text.indexOf('['); open !== -1; open = text.indexOf('[', open + 1)) {
      const line = lines.at(open);
      const close = keywordEnd(text, open + 1);
      if (close === undefined) {
        this.#fail(
          'SCENARIO_MALFORMED',
          "'[' opens a keyword that no ']' closes; write \\x5B for the character",
          line,
        );
      }
      const keyword = text.slice(open + 1, close);
      if (keyword.includes('\n') || keyword === '') {
        this.#fail(
          'SCENARIO_MALFORMED',
          "'[' opens a keyword, but none follows; write \\x5B for the character",
          line,
        );
      }
      if (keyword.length > LONGEST_KEYWORD) {
        this.#fail(
          'SCENARIO_MALFORMED',
          `the keyword has more than the ${LONGEST_KEYWORD} characters that SIPp reads; write \\x5B for a '['`,
          line,
        );
      }
      this.#keyword(keyword, line);
      open = close;
    }
  }

  #keyword(keyword: string, line: number): void {
    const field = /^field(\d+)(?![^\]]*file=)/.exec(keyword)?.[1];
    if (field !== undefined) return this.#field(Number(field), line);
    if (KEYWORD_FAMILY.test(keyword)) return;
    const name = keyword.replace(/[+-]\d.*$/, '');
    if (SIMPLE_KEYWORDS.has(name) || this.#context.keys.includes(name)) return;
    const mend = suggestion(name, [...SIMPLE_KEYWORDS, ...this.#context.keys]);
    this.#fail(
      'SCENARIO_UNKNOWN_KEYWORD',
      `[${keyword}] is no keyword of SIPp${mend}. Give it a value with the option keys, or write \\x5B for a '['`,
      line,
    );
  }

  #field(field: number, line: number): void {
    const { fields } = this.#context;
    if (fields === undefined || field < fields) return;
    const have =
      fields === 0 ? 'no rows are given' : `the shortest row has ${fields} of them, counted from 0`;
    throw new SippError(
      'OPTIONS_INVALID',
      `[field${field}] is used, but ${have}; add it to the option rows`,
      {
        file: this.#file,
        line,
      },
    );
  }

  #unknown(element: XmlElement, parent: string, known: readonly string[]): never {
    const mend = suggestion(element.name, known);
    this.#fail(
      'SCENARIO_UNKNOWN_ELEMENT',
      `SIPp knows no <${element.name}> in <${parent}>${mend}`,
      element.line,
    );
  }

  #fail(code: SippErrorCode, problem: string, line: number): never {
    throw new SippError(code, problem, { file: this.#file, line });
  }
}

/**
 * Index of the `]` that closes a keyword; brackets in double quotes do not count. Undefined where another `[` comes
 * first: SIPp 3.6 then sends octets that it never initialized.
 */
function keywordEnd(text: string, from: number): number | undefined {
  let quoted = false;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === ']') return index;
    else if (!quoted && character === '[') return undefined;
  }
  return undefined;
}

/** `; did you mean x?` where a known name is at most two edits away. */
function suggestion(name: string, known: readonly string[]): string {
  let best: string | undefined;
  let fewest = 3;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best === undefined ? '' : `; did you mean ${best}?`;
}

function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = above[column - 1]! + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[right.length]!;
}
