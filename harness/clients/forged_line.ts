import type { Randomness } from '../randomness.ts';
import type { ManagementCall } from './management.ts';

/** A log line that somebody wants to be taken for the service's own. */
export interface ForgedLine {
  readonly line: string;
  /** In the line, and nowhere else. */
  readonly mark: string;
}

/** A line with a mark of its own. */
export function forgedLine(randomness: Randomness): ForgedLine {
  const mark = randomness.hex(16);
  return { line: `{"level":"error","event":"forged","mark":"${mark}"}`, mark };
}

const JSON_TYPE = 'application/json';
/** What some reader of a log takes for the end of a line, as a header field of HTTP can hold it. */
const NEXT_LINE = '\u0085';

type Call = (line: string, applicationId: string) => ManagementCall;
const encoded = (line: string): string => encodeURIComponent(`\r\n${line}`);

/** Management calls, by the words features use. HTTP refuses line ends in a header field; the rest goes through. */
const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  [
    'a user agent',
    (line, applicationId) => ({
      method: 'GET',
      applicationId,
      headers: { 'user-agent': `x${NEXT_LINE}${line}` },
    }),
  ],
  [
    'a user agent, escaped',
    (line, applicationId) => ({ method: 'GET', applicationId, headers: { 'user-agent': encoded(line) } }),
  ],
  [
    'a header nobody knows',
    (line, applicationId) => ({
      method: 'GET',
      applicationId,
      headers: { 'x-request-id': `1${NEXT_LINE}${line}` },
    }),
  ],
  ['a path', (line) => ({ method: 'GET', applicationId: `x\r\n${line}` })],
  [
    'a path without a token',
    (line) => ({ method: 'GET', applicationId: `x\r\n${line}`, withoutToken: true }),
  ],
  ['a query', (line, applicationId) => ({ method: 'GET', applicationId, query: `?x=${encoded(line)}` })],
  [
    'a content type',
    (line, applicationId) => ({
      method: 'PATCH',
      applicationId,
      contentType: `text/x; y=${encoded(line)}`,
      body: '{}',
    }),
  ],
  [
    'a field',
    (line, applicationId) => ({
      method: 'PATCH',
      applicationId,
      contentType: JSON_TYPE,
      body: JSON.stringify({ applicationName: `x\r\n${line}` }),
    }),
  ],
  [
    'a name of a field',
    (line, applicationId) => ({
      method: 'PATCH',
      applicationId,
      contentType: JSON_TYPE,
      body: JSON.stringify({ [`x\r\n${line}`]: 1 }),
    }),
  ],
  [
    'a body that is no JSON',
    (line, applicationId) => ({
      method: 'PATCH',
      applicationId,
      contentType: JSON_TYPE,
      body: `\r\n${line} oops`,
    }),
  ],
]);

/** The call with the line in it; undefined where the place is not known. */
export function forgedCall(
  { line }: ForgedLine,
  place: string,
  applicationId: string,
): ManagementCall | undefined {
  return CALLS.get(place)?.(line, applicationId);
}

/** Header fields of an INVITE, likewise. Each datagram of a run has a number of its own, beyond those of the vectors. */
const FIELDS: readonly (readonly [place: string, field: (line: string) => string])[] = [
  ['a folded header', (line) => `User-Agent: x\r\n ${line}`],
  ['a header with a bare carriage return', (line) => `User-Agent: x\r${line}`],
  ['a header with a bare line feed', (line) => `User-Agent: x\n${line}`],
  ['a header nobody knows', (line) => `X-Trace: x\r\n\t${line}`],
  ['a display name', (line) => `Contact: "x\u0085${line.replaceAll('"', '\\"')}" <sip:x@192.0.2.1>`],
  ['a URI', (line) => `Contact: <sip:x%0d%0a${encodeURIComponent(line)}@192.0.2.1>`],
];
const FIRST_NUMBER = 100;

/** An INVITE without credentials, with the line in one of its fields; undefined where the place is not known. */
export function forgedDatagram(
  { line }: ForgedLine,
  place: string,
  { user, domain }: { readonly user: string; readonly domain: string },
  randomness: Randomness,
): { readonly octets: Buffer; readonly number: number } | undefined {
  const index = FIELDS.findIndex(([name]) => name === place);
  const field = FIELDS[index]?.[1];
  if (!field) return undefined;
  const id = randomness.hex(16);
  const lines = [
    `INVITE sip:${user}@${domain} SIP/2.0`,
    `Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK${id};rport`,
    `From: <sip:somebody@caller.example>;tag=${id}`,
    `To: <sip:${user}@${domain}>`,
    `Call-ID: ${id}@caller.example`,
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    ...(field('').startsWith('Contact') ? [] : ['Contact: <sip:somebody@192.0.2.1>']),
    field(line),
    'Content-Length: 0',
  ];
  return { octets: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), number: FIRST_NUMBER + index };
}
