import type { HeaderField } from '../../impl/sip/message.ts';
import { headOf, isNamed, nameOf, onHead, valueOf } from '../head_lines.ts';
import type { Passing } from './forwarding_conditions.ts';

/** What the edge does to a message that it passes on, or leaves as it is. */
export interface Treatment {
  readonly of: 'request' | 'response';
  /** What the service does instead, before "a request" or "a response", for the sentence of a fault. */
  readonly what: string;
  /** The rules that ask for it, the nearest one first. */
  readonly rules: readonly [string, ...string[]];
  /** Conditions under which nobody can tell whether it is made, with the reason. */
  readonly unseen: Readonly<Record<string, string>>;
  /** The message as it leaves without it. */
  readonly undo: (text: string, passing: Passing) => string;
}

const CALLER_IS_FREE = 'towards the caller it is not asked for';
const TO_PLATFORM_ONLY = { 'to-caller': CALLER_IS_FREE };
const NO_CREDENTIALS = { 'no-credentials': 'there are none then' };
const NO_BODY = { 'no-body': 'there is none then' };
const FIRST_INVITE_ONLY: Treatment['unseen'] = {
  ...Object.fromEntries(
    ['second-invite', 'ack', 'bye', 'info', 'update', 'other-method', 'to-caller'].map((name) => [
      name,
      'only the INVITE that begins a call records a route',
    ]),
  ),
  blanks: 'SIPp, to which it goes, reads no name with blanks behind it',
};
const IN_DIALOG_ONLY = { 'first-invite': 'the first INVITE of a call is on no route of the service' };
const NEVER_ANSWERED = { ack: 'nothing answers it' };

/** Each by its name. */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  'hops-lowering': {
    of: 'request',
    what: 'does not lower Max-Forwards of',
    rules: ['sip.hops.every-method', 'sip.hops.decrement'],
    unseen: {},
    undo: (text, { message }) =>
      message.kind === 'request' && message.maxForwards !== undefined
        ? replaced(text, 'max-forwards', String(message.maxForwards))
        : text,
  },
  'hops-adding': {
    of: 'request',
    what: 'adds no Max-Forwards to',
    rules: ['sip.hops.every-method', 'sip.hops.decrement'],
    unseen: {},
    undo: (text, { message }) =>
      message.kind === 'request' && message.maxForwards === undefined ? without(text, 'max-forwards') : text,
  },
  'own-via': {
    of: 'request',
    what: 'puts its Via below the others of',
    rules: ['sip.via.one'],
    unseen: {},
    undo: (text) =>
      onHead(text, (lines) => {
        const [own, ...others] = lines;
        const last = others.findLastIndex((line) => isNamed(line, 'via')) + 1;
        return own === undefined ? lines : others.toSpliced(last, 0, own);
      }),
  },
  'lower-vias': {
    of: 'request',
    what: 'takes the last Via from',
    rules: ['sip.via.one'],
    unseen: { 'one-via': 'its sender would get no answer, and neither would the table' },
    undo: (text, { message }) => (message.values('via').length > 1 ? withoutLast(text, 'via') : text),
  },
  'source-marking': {
    of: 'request',
    what: 'does not write the source into the Via of',
    rules: ['sip.rport'],
    unseen: NEVER_ANSWERED,
    undo: (text) =>
      onHead(text, (lines) => {
        const second = lines.findIndex((line, index) => index > 0 && isNamed(line, 'via'));
        return lines.with(second, (lines[second] ?? '').replace(/;received=[^;,\r]*;rport=\d+/, ';rport'));
      }),
  },
  'route-recording': {
    of: 'request',
    what: 'does not record itself on the route of',
    rules: ['sip.dialog.in-route'],
    unseen: FIRST_INVITE_ONLY,
    undo: (text, { message }) =>
      message.kind === 'request' && message.to.tag === undefined
        ? onHead(text, (lines) =>
            lines.filter((line, index) => index !== 1 || !isNamed(line, 'record-route')),
          )
        : text,
  },
  'recorded-routes': {
    of: 'request',
    what: 'takes the Record-Route of others from',
    rules: ['sip.dialog.in-route'],
    unseen: FIRST_INVITE_ONLY,
    undo: (text, { message }) =>
      message.field('record-route') === undefined ? text : withoutLast(text, 'record-route'),
  },
  'own-route': {
    of: 'request',
    what: 'does not take its own Route from',
    rules: ['sip.route.own'],
    unseen: IN_DIALOG_ONLY,
    undo: (text, { message }) =>
      message.kind === 'request' && message.to.tag !== undefined
        ? putBack(
            without(text, 'route'),
            message.headers.filter(({ key }) => key === 'route'),
            message.text,
          )
        : text,
  },
  'other-routes': {
    of: 'request',
    what: 'takes every Route from',
    rules: ['sip.route.own'],
    unseen: IN_DIALOG_ONLY,
    undo: (text) => without(text, 'route'),
  },
  'vendor-fields': {
    of: 'request',
    what: 'leaves the X- fields in',
    rules: ['sip.headers.vendor-stripped'],
    unseen: TO_PLATFORM_ONLY,
    undo: (text, { message }) =>
      putBack(
        onHead(text, (lines) => lines.filter((line) => !nameOf(line).startsWith('x-'))),
        message.headers.filter(({ key }) => key.startsWith('x-')),
        message.text,
      ),
  },
  'own-credentials': {
    of: 'request',
    what: 'leaves the credentials for its realm in',
    rules: ['sip.headers.credentials-consumed'],
    unseen: { ...TO_PLATFORM_ONLY, ...NO_CREDENTIALS },
    undo: (text, { message }) =>
      putBack(
        without(text, 'proxy-authorization'),
        message.headers.filter(({ key }) => key === 'proxy-authorization'),
        message.text,
      ),
  },
  'foreign-credentials': {
    of: 'request',
    what: 'takes the credentials for another realm from',
    rules: ['sip.auth.foreign-realm'],
    unseen: { ...TO_PLATFORM_ONLY, ...NO_CREDENTIALS },
    undo: (text) => without(text, 'proxy-authorization'),
  },
  ...ofBoth('unknown-fields', 'takes fields that it does not know from', (text) =>
    onHead(text, (lines) => lines.filter((line) => !/^unknown/i.test(line))),
  ),
  ...ofBoth('second-fields', 'takes the second field of a name from', (text) =>
    onHead(text, (lines) =>
      lines.filter(
        (line, index) =>
          !/^(warning|unknown)/i.test(line) ||
          lines.findIndex((other) => nameOf(other) === nameOf(line)) === index,
      ),
    ),
  ),
  ...ofBoth('empty-fields', 'takes fields without a value from', (text) =>
    onHead(text, (lines) => lines.filter((line) => valueOf(line) !== '')),
  ),
  ...ofBoth('folds', 'takes all but the first line of folded fields from', (text) =>
    onHead(text, (lines) => lines.map((line) => line.replace(/\r\n[ \t][^]*/, ''))),
  ),
  ...ofBoth('header-octets', 'writes question marks for octets that are not ASCII into', (text) =>
    onHead(text, (lines) => lines.map((line) => line.replaceAll(/[\x80-\xFF]/g, '?'))),
  ),
  ...ofBoth('escapes', 'undoes the escapes in URIs of', (text) =>
    onHead(text, (lines) =>
      lines.map((line) => line.replaceAll(/%4([12])/g, (_, digit) => (digit === '1' ? 'A' : 'B'))),
    ),
  ),
  ...ofBoth('quotes', 'takes the backslashes out of quoted names of', (text) =>
    onHead(text, (lines) =>
      lines.map((line) => (isNamed(line, 'from') || isNamed(line, 'to') ? line.replaceAll('\\', '') : line)),
    ),
  ),
  ...bodies(),
};

/** What is asked of every message: of requests to the call flow by one rule, of others by another. */
function ofBoth(
  name: string,
  what: string,
  undo: (text: string) => string,
): Readonly<Record<string, Treatment>> {
  const common = { what, unseen: {}, undo };
  return {
    [name]: { ...common, of: 'request', rules: ['sip.headers.standard-kept', 'sip.message.forms'] },
    [`${name}-of-response`]: {
      ...common,
      of: 'response',
      rules: ['sip.message.forms'],
      unseen: {
        ...NEVER_ANSWERED,
        credentials: 'a response has none',
        'no-credentials': 'a response has none',
      },
    },
  };
}

function bodies(): Readonly<Record<string, Treatment>> {
  const changes: Readonly<Record<string, readonly [what: string, change: (body: string) => string]>> = {
    'body-octets': [
      'writes question marks for octets that are not ASCII into the body of',
      (body) => body.replaceAll(/[\x80-\xFF]/g, '?'),
    ],
    'body-end': ['blanks the last octet in the body of', (body) => body.replace(/[^]$/, ' ')],
  };
  return Object.fromEntries(
    Object.entries(changes).flatMap(([name, [what, change]]) =>
      (['request', 'response'] as const).map((of) => [
        `${name}-of-${of}`,
        {
          of,
          what,
          rules: ['sip.message.forms'] as const,
          unseen: {
            ...NO_BODY,
            ...(of === 'response'
              ? {
                  ...NEVER_ANSWERED,
                  credentials: 'a response has none',
                  'no-credentials': 'a response has none',
                }
              : {}),
          },
          undo(text: string) {
            const end = headOf(text).length;
            return text.slice(0, end) + change(text.slice(end));
          },
        },
      ]),
    ),
  );
}

function replaced(text: string, key: string, value: string): string {
  return onHead(text, (lines) =>
    lines.map((line) => (isNamed(line, key) ? `${line.slice(0, line.indexOf(':'))}: ${value}` : line)),
  );
}

function without(text: string, key: string): string {
  return onHead(text, (lines) => lines.filter((line) => !isNamed(line, key)));
}

function withoutLast(text: string, key: string): string {
  return onHead(text, (lines) => {
    const last = lines.findLastIndex((line) => isNamed(line, key));
    return lines.toSpliced(last, 1);
  });
}

/** The message with these fields of another text as its last but one. */
function putBack(text: string, fields: readonly HeaderField[], from: string): string {
  const lines = fields.map(({ start, end }) => from.slice(start, end - 2));
  return onHead(text, (all) => all.toSpliced(-1, 0, ...lines));
}
