import { headerKey } from '../impl/sip/header_name.ts';

/** The start line, the header and the empty line of a message. */
export function headOf(text: string): string {
  return text.slice(0, text.indexOf('\r\n\r\n') + 4);
}

/** The message with other header lines; a folded field is one line, without its line break. */
export function onHead(text: string, change: (lines: readonly string[]) => readonly string[]): string {
  const head = headOf(text);
  const [startLine = '', ...lines] = head.slice(0, -4).split(/\r\n(?![ \t])/);
  return `${[startLine, ...change(lines)].join('\r\n')}\r\n\r\n${text.slice(head.length)}`;
}

/** The canonical key of a header line's name. */
export function nameOf(line: string): string {
  return headerKey(line.slice(0, line.indexOf(':')).trim());
}

export function isNamed(line: string, key: string): boolean {
  return nameOf(line) === key;
}

export function valueOf(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}
