import { LineCounter } from './line_counter.ts';

/** An element of a scenario file; lines are 1-based. */
export interface XmlElement {
  name: string;
  line: number;
  attributes: Map<string, { value: string; line: number }>;
  children: XmlElement[];
  /** The first CDATA section directly inside, the only one SIPp reads. */
  cdata: { text: string; line: number } | undefined;
}

/** The file is not well-formed, or SIPp would misread it: `problem` says what and how to mend it. */
export interface XmlFault {
  problem: string;
  line: number;
}

const NAME = /[A-Za-z_:][\w:.-]*/y;
const SPACE = /[ \t\r\n]*/y;
/**
 * A backslash takes the next character with it: SIPp reads `\"` inside a value as a quote. No character can be matched in
 * two ways, so a value that is not closed is refused after one look.
 */
const VALUE = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
/** Deeper than any scenario: an action of a `<nop>` in `<init>` is the fifth. */
const DEEPEST = 32;
/** The entities SIPp decodes; it sends any other as it stands in the file. */
const DECODED = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
]);

/**
 * Reads a scenario file as strictly as XML 1.0 demands, and more strictly where SIPp 3.6 silently misreads: `<?xml`
 * must come first, quotes must be double, and there may be no processing instructions and no numeric entities. In one
 * thing it is lenient, like SIPp: it allows two hyphens in a comment.
 */
export function parseXml(source: string): XmlElement | XmlFault {
  try {
    return new XmlReader(source).root();
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message, line: error.line };
    throw error;
  }
}

class Malformed extends Error {
  readonly line: number;
  constructor(problem: string, line: number) {
    super(problem);
    this.line = line;
  }
}

class XmlReader {
  readonly #source: string;
  readonly #lines: LineCounter;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#lines = new LineCounter(source);
  }

  root(): XmlElement {
    if (!this.#source.startsWith('<?xml')) {
      this.#fail('SIPp reads a file only if it starts with <?xml version="1.0" ?>, with nothing before it');
    }
    this.#skipPast('?>', 'the <?xml declaration is not closed with ?>');
    let root: XmlElement | undefined;
    for (;;) {
      this.#skipText(root === undefined ? 'before <scenario>' : 'after </scenario>');
      if (this.#at === this.#source.length) break;
      if (this.#source.startsWith('<!DOCTYPE', this.#at)) this.#skipDoctype();
      else if (root !== undefined)
        this.#fail('there is a second element after the root; a file holds one <scenario>');
      else root = this.#element();
    }
    return root ?? this.#fail('the file holds no element; it must hold one <scenario>');
  }

  #element(): XmlElement {
    const line = this.#currentLine();
    this.#at += 1;
    const name = this.#match(NAME);
    if (name === undefined) this.#fail("'<' must start a tag; write &lt; for the character");
    const element: XmlElement = { name, line, attributes: new Map(), children: [], cdata: undefined };
    if (this.#attributes(element)) return element;
    for (;;) {
      this.#skipText();
      if (this.#at === this.#source.length)
        this.#fail(`<${name}> is not closed: </${name}> is missing`, line);
      if (this.#source.startsWith('<![CDATA[', this.#at)) this.#cdata(element);
      else if (this.#source.startsWith('</', this.#at)) return this.#closed(element);
      else if (this.#source.startsWith('<?', this.#at))
        this.#fail('SIPp reads no processing instruction; remove it');
      else element.children.push(this.#child());
    }
  }

  #child(): XmlElement {
    this.#depth += 1;
    if (this.#depth >= DEEPEST) this.#fail(`elements are nested more than ${DEEPEST} deep; close them`);
    const child = this.#element();
    this.#depth -= 1;
    return child;
  }

  /** Reads attributes up to the end of the tag; true where it closes itself. */
  #attributes(element: XmlElement): boolean {
    for (;;) {
      this.#match(SPACE);
      if (this.#take('/>')) return true;
      if (this.#take('>')) return false;
      const line = this.#currentLine();
      const name = this.#match(NAME);
      if (name === undefined) this.#fail(`<${element.name}> is not closed with '>'`);
      this.#match(SPACE);
      if (!this.#take('='))
        this.#fail(`attribute ${name} of <${element.name}> has no value; write ${name}="…"`);
      this.#match(SPACE);
      if (this.#source[this.#at] === "'") {
        this.#fail(`attribute ${name} is in single quotes, which SIPp misreads; use double quotes`);
      }
      const quoted = this.#match(VALUE);
      if (quoted === undefined) {
        const isOpen = this.#source[this.#at] === '"';
        this.#fail(
          `attribute ${name} is not ${isOpen ? 'closed with a double quote' : 'in double quotes'}; write ${name}="…"`,
        );
      }
      if (element.attributes.has(name))
        this.#fail(`attribute ${name} of <${element.name}> is given twice`, line);
      element.attributes.set(name, { value: this.#attributeValue(name, quoted.slice(1, -1), line), line });
    }
  }

  #attributeValue(name: string, raw: string, line: number): string {
    if (raw.includes('<')) this.#fail(`attribute ${name} holds a '<', which SIPp misreads; write &lt;`, line);
    return raw.replace(/&#?\w+;/g, (entity) => {
      const character = DECODED.get(entity);
      if (character === undefined) {
        this.#fail(
          `attribute ${name} holds ${entity}, which SIPp does not decode; write the character itself`,
          line,
        );
      }
      return character;
    });
  }

  #cdata(element: XmlElement): void {
    const start = this.#at + '<![CDATA['.length;
    const line = this.#currentLine();
    this.#skipPast(']]>', 'the CDATA section is not closed with ]]>');
    element.cdata ??= { text: this.#source.slice(start, this.#at - ']]>'.length), line };
  }

  #closed(element: XmlElement): XmlElement {
    this.#at += 2;
    const name = this.#match(NAME) ?? '';
    this.#match(SPACE);
    if (name !== element.name || !this.#take('>')) {
      this.#fail(
        `</${name}> closes nothing: <${element.name}> of line ${element.line} is open; write </${element.name}>`,
      );
    }
    return element;
  }

  /** Skips white space, comments, and character data where that is allowed. */
  #skipText(nowhereNear?: string): void {
    for (;;) {
      this.#match(SPACE);
      if (this.#source.startsWith('<!--', this.#at))
        this.#skipPast('-->', 'the comment is not closed with -->');
      else if (this.#at === this.#source.length || this.#source[this.#at] === '<') return;
      else if (nowhereNear !== undefined) this.#fail(`there is text ${nowhereNear}`);
      else this.#at = indexOrEnd(this.#source, '<', this.#at);
    }
  }

  #skipDoctype(): void {
    const subset = this.#source.indexOf('[', this.#at);
    const end = this.#source.indexOf('>', this.#at);
    this.#skipPast(subset !== -1 && subset < end ? ']>' : '>', 'the <!DOCTYPE is not closed');
  }

  #skipPast(mark: string, problem: string): void {
    const found = this.#source.indexOf(mark, this.#at);
    if (found === -1) this.#fail(problem);
    this.#at = found + mark.length;
  }

  #take(mark: string): boolean {
    if (!this.#source.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #currentLine(): number {
    return this.#lines.at(this.#at);
  }

  #fail(problem: string, line = this.#currentLine()): never {
    throw new Malformed(problem, line);
  }
}

function indexOrEnd(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}
