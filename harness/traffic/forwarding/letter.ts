import { compactForm } from '../../capture/sip_head.ts';
import type { Body, Field } from '../../model/cargo.ts';
import type { Blanks, Names } from '../../model/delivery_rows.ts';

/** A message as somebody means it. */
export interface Letter {
  readonly startLine: string;
  readonly fields: readonly Field[];
  readonly body?: Body | undefined;
  /** Whether Content-Length is left out. */
  readonly isLengthUnsaid?: boolean | undefined;
}

/** How its header lines are written. */
export interface Writing {
  readonly names: Names;
  readonly blanks: Blanks;
}

export const PLAIN: Writing = { names: 'long names', blanks: 'a blank at colons' };

const COLONS: Readonly<Record<Blanks, string>> = {
  'a blank at colons': ': ',
  'no blank at colons': ':',
  'blanks behind colons': ': \t ',
  'blanks around colons': ' \t : \t',
};

const NAMED: Readonly<Record<Names, (name: string) => string>> = {
  'long names': (name) => name,
  'compact names': (name) => compactForm(name) ?? name,
  'names in odd case': (name) =>
    name.replaceAll(/./g, (letter, at: number) =>
      at % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase(),
    ),
};

/** The message as it goes on the wire, an octet a character. */
export function written(
  { startLine, fields, body, isLengthUnsaid = false }: Letter,
  { names, blanks }: Writing,
): string {
  const all: readonly Field[] = [
    ...fields,
    ...(body ? [['Content-Type', body.type] as const] : []),
    ...(isLengthUnsaid ? [] : [['Content-Length', String(body?.octets.length ?? 0)] as const]),
  ];
  const lines = all.map(([name, value]) => `${NAMED[names](name)}${COLONS[blanks]}${value}`);
  return `${[startLine, ...lines].join('\r\n')}\r\n\r\n${body?.octets ?? ''}`;
}
