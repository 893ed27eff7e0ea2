import type { Edit, Response } from './sip_script.ts';

/** Ways to write a response. Legal ones keep its meaning, broken ones do not. */

const COMPACT = new Map([
  ['Via', 'v'],
  ['From', 'f'],
  ['To', 't'],
  ['Call-ID', 'i'],
  ['Contact', 'm'],
  ['Content-Type', 'c'],
  ['Content-Length', 'l'],
]);

function renamed(naming: (name: string) => string): Edit {
  return (response) => ({
    ...response,
    headers: response.headers.map(([name, value]) => [naming(name), value] as const),
  });
}

/** Legal: RFC 3261 section 7.3.3. */
export const compact = renamed((name) => COMPACT.get(name) ?? name);
/** Legal: section 7.3.1, names are the same in any case. */
export const lowerCase = renamed((name) => name.toLowerCase());
export const upperCase = renamed((name) => name.toUpperCase());

/** Legal: section 7.3.1, the order of different headers has no meaning. */
export const reversed: Edit = (response) => ({ ...response, headers: response.headers.toReversed() });

/** Legal: a client ignores headers it does not know (section 8.1.3.4 asks nothing of these). */
export const adorned: Edit = (response) => ({
  ...response,
  headers: [
    ['Server', 'peer/1.0 (scripted)'],
    ['Date', 'Sat, 13 Nov 2010 23:29:00 GMT'],
    ...response.headers,
    ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'],
    ['Warning', '399 peer.example "one: with a colon; and more"'],
    ['Unknown-To-Everybody', 'To: <sip:nobody@peer.example>;tag=wrong'],
    ['X-Empty', ''],
  ],
});

/** Legal: blanks after the colon (section 7.3.1) and in values (section 25.1, SWS and LWS). */
export const spaced: Edit = (response) => ({
  ...response,
  headers: response.headers.map(([name, value]) => [name, `  ${spacedValue(name, value)}`] as const),
});

function spacedValue(name: string, value: string): string {
  if (name === 'CSeq') return value.replace(' ', '   ');
  if (name === 'Via')
    return value.replace('SIP/2.0/', 'SIP / 2.0 / ').replace(';received=', ' ; received = ');
  return name === 'To' ? value.replace(';tag=', ' ; tag = ') : value;
}

/** Legal: a blank before the colon (section 7.3.1, which advises against it). */
export const spacedNames = renamed((name) => `${name} `);

/** Legal: blanks at the end of a value (section 7.3.1). */
export const trailed: Edit = (response) => ({
  ...response,
  headers: response.headers.map(([name, value]) => [name, `${value}  `] as const),
});

/** Legal: blanks around the equals sign (section 25.1). */
export const spacedBranch = header('Via', (value) => value.replace(';branch=', ' ; branch = '));

/** Legal: a value goes on in the next line where that begins with a blank (section 7.3.1). */
export const folded: Edit = (response) => ({
  ...response,
  headers: response.headers.map(([name, value]) => [
    name,
    `\r\n ${value.replace(/;(?=tag|branch)/, '\r\n\t;')}`,
  ]),
});

/** Changes the values of one header; removes them where `change` returns undefined. */
export function header(wanted: string, change: (value: string) => string | undefined): Edit {
  return (response) => ({
    ...response,
    headers: response.headers.flatMap(([name, value]) => {
      const other = name === wanted ? change(value) : value;
      return other === undefined ? [] : [[name, other] as const];
    }),
  });
}

/** Adds a header before all others. */
export function preceded(name: string, value: string): Edit {
  return (response: Response) => ({ ...response, headers: [[name, value], ...response.headers] });
}

/** Broken: a final answer must have a To tag, and must keep the one of the request (section 8.2.6.2). */
export const untagged = header('To', (value) => value.replace(/;tag=.*$/, ''));
export const emptyTag = header('To', (value) => value.replace(/;tag=.*$/, ';tag='));
export const otherTag = header('To', (value) => value.replace(/;tag=.*$/, ';tag=another'));
/** Broken: a client transaction recognizes its answers by the branch (section 17.1.3). */
export const otherBranch = header('Via', (value) => value.replace(/branch=[^;]*/, 'branch=z9hG4bK-another'));
/** Broken: and by the method of CSeq. Section 8.2.6.2 demands that its number is copied too. */
export const otherCSeq = header('CSeq', (value) => value.replace(/^\d+/, '4711'));
export const otherCall = header('Call-ID', (value) => `another-${value}`);
/** Broken: a client discards a response that ends before its body does (section 18.3). */
export const cutShort: Edit = (response) => ({
  ...header('Content-Length', (value) => String(Number(value) + 100))(response),
});
