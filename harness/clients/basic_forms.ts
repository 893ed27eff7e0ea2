import type { ClientCredentials } from './oauth.ts';

type Form = (client: ClientCredentials) => string;

/** Ways to write a client's id and secret that form encoding allows (RFC 6749 appendix B), in the words of features. */
const RIGHT: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['every octet of its id and secret escaped', ({ id, secret }) => `${escaped(id)}:${escaped(secret)}`],
  [
    'every octet escaped in lower case',
    ({ id, secret }) => `${escaped(id)}:${escaped(secret)}`.toLowerCase(),
  ],
  ['the first octet of its id escaped', ({ id, secret }) => `${escapedStart(id, 1)}:${secret}`],
  ['a base64 text without padding', (client) => padded(client, 0)],
  ['a base64 text that ends in =', (client) => padded(client, 1)],
  ['a base64 text that ends in ==', (client) => padded(client, 2)],
]);

/** Ways to write what is not a client's id and secret. */
const WRONG: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['its id alone', ({ id }) => id],
  ['its id and a colon', ({ id }) => `${id}:`],
  ['a colon and its secret', ({ secret }) => `:${secret}`],
  ['a colon alone', () => ':'],
  ['its secret before its id', ({ id, secret }) => `${secret}:${id}`],
  ['its id and secret without a colon', ({ id, secret }) => `${id}${secret}`],
  ['its id twice', ({ id }) => `${id}:${id}`],
  ['another secret behind its own', ({ id, secret }) => `${id}:${secret}:${secret}`],
  ['another id before its own', ({ id, secret }) => `${id}:${id}:${secret}`],
  ['a blank before its secret', ({ id, secret }) => `${id}:+${secret}`],
  ['a blank behind its secret', ({ id, secret }) => `${id}:${secret}+`],
  ['a blank behind its id', ({ id, secret }) => `${id}+:${secret}`],
  ['a line end behind its secret', ({ id, secret }) => `${id}:${secret}%0A`],
  ['a NUL behind its secret', ({ id, secret }) => `${id}:${secret}%00`],
  ['its secret without its last character', ({ id, secret }) => `${id}:${secret.slice(0, -1)}`],
  ['its secret escaped twice', ({ id, secret }) => `${id}:${escaped(escaped(secret))}`],
  ['a percent sign behind its secret', ({ id, secret }) => `${id}:${secret}%`],
  ['an escape of no octet behind its secret', ({ id, secret }) => `${id}:${secret}%ZZ`],
  ['an escape that is not UTF-8 behind its secret', ({ id, secret }) => `${id}:${secret}%FF`],
  ['an escape that is not UTF-8 behind its id', ({ id, secret }) => `${id}%FF:${secret}`],
]);

export const RIGHT_FORMS: readonly string[] = [...RIGHT.keys()];
export const WRONG_FORMS: readonly string[] = [...WRONG.keys()];

/** HTTP Basic (RFC 7617) with the client's id and secret in a form that has this name; undefined if none has. */
export function basicForm(name: string, client: ClientCredentials): string | undefined {
  const form = RIGHT.get(name) ?? WRONG.get(name);
  return form && `Basic ${Buffer.from(form(client)).toString('base64')}`;
}

/** Id and secret with as many octets escaped as it takes to end in this many signs of padding. */
function padded({ id, secret }: ClientCredentials, signs: number): string {
  const plain = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  const count = [0, 1, 2].find((one) => (plain.length + 2 * one + signs) % 3 === 0) ?? 0;
  return `${escapedStart(id, count)}:${encodeURIComponent(secret)}`;
}

/** The first octets escaped, the others as `encodeURIComponent` leaves them. */
function escapedStart(text: string, count: number): string {
  return escaped(text.slice(0, count)) + encodeURIComponent(text.slice(count));
}

function escaped(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().replaceAll(/../g, '%$&');
}
