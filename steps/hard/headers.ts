import { When, type DataTable } from '@cucumber/cucumber';

import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { knockLines, octetsIn, renewedNonce } from './knock.ts';
import { challengedCaller } from './nonces.ts';

/** The value of every header that must not come through. */
export const SMUGGLED = 'smuggled';
/** The name of the header that no value may begin. */
export const INJECTED = 'Injected';

/** Where a header is put among the others. */
const PLACES: Readonly<Record<string, (lines: RawLines, header: string) => RawLines>> = {
  before: (lines, header) => ({ ...lines, first: [header] }),
  beside: (lines, header) => ({ ...lines, others: [header, ...lines.others] }),
  behind: (lines, header) => ({ ...lines, contentLength: `${lines.contentLength}\r\n${header}` }),
};

/** Rule: hard.headers.smuggling. */
When(
  /^it calls with its password and each of these (before|beside|behind) its headers$/,
  async function (this: ConformanceWorld, where: string, table: DataTable) {
    const { caller } = challengedCaller(this);
    const nonce = renewedNonce(this, caller);
    const calls = table.raw().map(([header = '']) => {
      const call = async (): Promise<RawLines> => {
        const lines = knockLines(this, caller, { nonce: await nonce() });
        return PLACES[where]?.(lines, octetsIn(header)) ?? lines;
      };
      return [header, call] as const;
    });
    await this.attempt(caller, Object.fromEntries(calls), { isAnswerOwed: false });
  },
);

type Injection = (lines: RawLines, form: string) => Partial<RawLines>;

/** Puts the form behind the first thing in a line that matches. */
function behind(line: keyof RawLines & ('via' | 'from' | 'to' | 'callId' | 'cseq'), what: RegExp): Injection {
  return (lines, form) => ({ [line]: lines[line].replace(what, (found) => found + form) });
}

function inOthers(what: RegExp): Injection {
  return ({ others }, form) => ({
    others: others.map((line) => line.replace(what, (found) => found + form)),
  });
}

/** Where a value can hold what is no line break. */
const INJECTIONS: Readonly<Record<string, Injection>> = {
  'the user of the Request-URI': ({ uri }, form) => ({ uri: uri.replace('@', () => `${form}@`) }),
  'the user of To': behind('to', /<sip:[^@]*/),
  'the user of From': behind('from', /<sip:caller/),
  'the host of From': behind('from', /@[\d.]+/),
  'a URI parameter of From': (lines, form) => ({ from: lines.from.replace('>', () => `;p=a${form}>`) }),
  'a URI header of From': (lines, form) => ({ from: lines.from.replace('>', () => `?h=a${form}>`) }),
  'the quoted display name of From': (lines, form) => ({
    from: lines.from.replace('<', () => `"A${form}" <`),
  }),
  'the display name of From': (lines, form) => ({ from: lines.from.replace('<', () => `A${form} <`) }),
  'the tag of From': behind('from', /tag=\w+/),
  'the branch': behind('via', /branch=\w+/),
  'a parameter of Via': behind('via', /;rport/),
  'the Call-ID': behind('callId', /: .*/),
  'the CSeq': behind('cseq', /: \d+ /),
  'the user of Contact': inOthers(/^Contact: <sip:caller/),
  'the Subject': inOthers(/^Subject: reject/),
  'an unknown header': ({ others }, form) => ({ others: [`Unknown: a${form}`, ...others] }),
  'the method': ({ method }, form) => ({ method: method + form }),
};

function injected(lines: RawLines, inject: Injection, form: string): RawLines {
  const changed = { ...lines, ...inject(lines, form) };
  // A Call-ID that ends at the form is another Call-ID, and what comes of it has that one.
  const ids = [
    lines.callIds,
    changed.callId.replace('Call-ID: ', ''),
    changed.callId.split(/[\r\n]/)[0] ?? '',
  ];
  return { ...changed, callIds: [...new Set(ids.flat())] };
}

/** Rule: hard.headers.crlf-injection. */
When(
  'it calls with its password and {string} in each of these places',
  async function (this: ConformanceWorld, form: string, table: DataTable) {
    const { caller } = challengedCaller(this);
    const nonce = renewedNonce(this, caller);
    const calls = table.raw().map(([place = '']) => {
      const inject = INJECTIONS[place];
      if (!inject) throw new HarnessError(`no place is called "${place}"`);
      const call = async (): Promise<RawLines> =>
        injected(knockLines(this, caller, { nonce: await nonce() }), inject, octetsIn(form));
      return [place, call] as const;
    });
    await this.attempt(caller, Object.fromEntries(calls), { isAnswerOwed: false });
  },
);
