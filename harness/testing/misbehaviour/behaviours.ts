import type { Answer } from '../answering_server.ts';
import {
  adorned,
  compact,
  cutShort,
  emptyTag,
  folded,
  header,
  lowerCase,
  otherBranch,
  otherCall,
  otherCSeq,
  otherTag,
  preceded,
  reversed,
  spaced,
  spacedBranch,
  spacedNames,
  trailed,
  untagged,
  upperCase,
} from './edits.ts';
import { answer, HONEST, TERMINATED, type Edit, type Move, type SipScript } from './sip_script.ts';

/** How a scripted service differs from an honest one. */
export interface Behaviour {
  /** In calls. */
  readonly sip?: SipScript;
  /** What its API answers to this method once the application exists; absent: what it should. */
  readonly api?: { readonly method: 'GET' | 'PATCH'; readonly answer: Answer };
}

/** Applies the edits to every response of a call. */
function everywhere(...edits: readonly Edit[]): Behaviour {
  const changed = (move: Move): Move =>
    typeof move === 'object' && 'answer' in move ? { ...move, edits: [...move.edits, ...edits] } : move;
  return {
    sip: Object.fromEntries(Object.entries(HONEST).map(([moment, moves]) => [moment, moves.map(changed)])),
  };
}

const TRYING = answer('100 Trying');
const RINGING = answer('180 Ringing');
const OK = answer('200 OK');
const CHALLENGE = '407 Proxy Authentication Required';
/** The peer on the route of the dialog. */
const OWN = 'sip:198.18.67.33:6160;lr';
const NUL = String.fromCharCode(0);

const withChallengeBefore = (value: string): Behaviour => ({
  sip: { 'first INVITE': [TRYING, answer(CHALLENGE, preceded('Proxy-Authenticate', value))] },
});

/** Legal variations, which every caller must accept. */
export const LEGAL = {
  'more provisional answers than usual': {
    sip: {
      INVITE: [
        TRYING,
        TRYING,
        RINGING,
        answer('181 Call Is Being Forwarded'),
        answer('182 Queued, 2 ahead'),
        answer('183 Session Progress'),
        RINGING,
        OK,
      ],
    },
  },
  'no provisional answer': { sip: { 'first INVITE': [answer(CHALLENGE)], INVITE: [OK] } },
  'a late 180 after 200': { sip: { INVITE: [TRYING, OK, RINGING] } },
  'packets in another order': { sip: { INVITE: [answer('183 Session Progress'), OK, RINGING, TRYING] } },
  'every answer twice': {
    sip: {
      'first INVITE': [TRYING, TRYING, answer(CHALLENGE), answer(CHALLENGE)],
      INVITE: [TRYING, TRYING, RINGING, RINGING, OK, OK],
      BYE: [OK, OK],
    },
  },
  'the challenge again, in the middle of the next transaction': {
    sip: { INVITE: [TRYING, { again: 'first INVITE' }, RINGING, OK] },
  },
  'the 200 again, after the BYE': { sip: { BYE: [{ again: 'INVITE' }, OK] } },
  'a 200 of another branch than the 180': { sip: { INVITE: [TRYING, answer('180 Ringing', otherTag), OK] } },
  'headers in the opposite order': everywhere(reversed),
  'compact forms': everywhere(compact),
  'lower case names': everywhere(lowerCase),
  'upper case names': everywhere(upperCase),
  'headers nobody knows': everywhere(adorned),
  'extra spaces': everywhere(spaced),
  'other reason phrases': {
    sip: {
      'first INVITE': [answer('407 ')],
      INVITE: [answer('180 Ding, dong'), answer('200 Gr\xc3\xbc\xc3\x9fe')],
    },
  },
  'a 100 to the BYE': { sip: { BYE: [TRYING, OK] } },
  'a Record-Route that lists two': {
    sip: { INVITE: [TRYING, answer('200 OK', preceded('Record-Route', `<${OWN};a=1>, <${OWN}>`))] },
  },
  'a large answer': { sip: { INVITE: [TRYING, answer('200 OK', preceded('Server', 'x'.repeat(20_000)))] } },
} satisfies Readonly<Record<string, Behaviour>>;

/** Legal ways to end a call that is given up while it rings: RFC 3261 section 9.2 leaves the order open. */
export const LEGAL_CANCELS = {
  'the 200 to the CANCEL, and then the 487': { sip: { INVITE: [TRYING, RINGING] } },
  'the 487 before the 200 to the CANCEL': {
    sip: { INVITE: [TRYING, RINGING], CANCEL: [TERMINATED, OK] },
  },
} satisfies Readonly<Record<string, Behaviour>>;

/** Legal too, but SIPp cannot read them: no verdict, and nobody is to blame. */
export const UNREADABLE = {
  'blanks before the colon': everywhere(spacedNames),
  'blanks around the branch': everywhere(spacedBranch),
  'blanks at the end of values': everywhere(trailed),
  'folded headers': everywhere(folded),
  'a challenge of another scheme before the Digest': withChallengeBefore('Bearer realm="peer.example"'),
  'a name with a comma in Record-Route': {
    sip: { INVITE: [TRYING, answer('200 OK', preceded('Record-Route', `"Edge, first" <${OWN}>`))] },
  },
  'a challenge of another algorithm before the one with MD5': withChallengeBefore(
    'Digest realm="sip-uri.voice-api.example", nonce="sha", algorithm=SHA-256, qop="auth"',
  ),
} satisfies Readonly<Record<string, Behaviour>>;

/** What no service may do. */
export const BROKEN = {
  'silence to the INVITE': { sip: { 'first INVITE': [] } },
  'silence after 100': { sip: { INVITE: [TRYING] } },
  'silence after 180': { sip: { INVITE: [TRYING, RINGING] } },
  'silence to the BYE': { sip: { BYE: [] } },
  '200 without a To tag': { sip: { INVITE: [TRYING, answer('200 OK', untagged)] } },
  '200 with an empty To tag': { sip: { INVITE: [TRYING, answer('200 OK', emptyTag)] } },
  'another To tag to the BYE': { sip: { BYE: [answer('200 OK', otherTag)] } },
  'another branch in the Via': { sip: { INVITE: [TRYING, answer('200 OK', otherBranch)] } },
  'another CSeq': { sip: { INVITE: [TRYING, answer('200 OK', otherCSeq)] } },
  'another Call-ID': { sip: { INVITE: [TRYING, answer('200 OK', otherCall)] } },
  'less body than Content-Length says': { sip: { INVITE: [TRYING, answer('200 OK', cutShort)] } },
  'an answer from another port': {
    sip: {
      'first INVITE': [{ answer: CHALLENGE, edits: [], fromOtherPort: true }],
    },
  },
  '200 and then 486': { sip: { INVITE: [TRYING, OK, answer('486 Busy Here')] } },
  'a wrong number at the end': { sip: { BYE: [answer('481 Call/Transaction Does Not Exist')] } },
  'no SIP at all': { sip: { 'first INVITE': [{ octets: '\x01\x02 no SIP \r\n\r\n' }] } },
  'a status line and nothing else': { sip: { 'first INVITE': [{ octets: 'SIP/2.0 200 OK\r\n\r\n' }] } },
  'a status of four digits': { sip: { INVITE: [TRYING, answer('2000 OK')] } },
  'a NUL in the reason phrase': { sip: { INVITE: [TRYING, answer(`200 O${NUL}K`)] } },
  'no Contact': {
    sip: {
      INVITE: [
        TRYING,
        answer(
          '200 OK',
          header('Contact', () => undefined),
        ),
      ],
    },
  },
  'half-closed before any answer': { sip: { 'first INVITE': ['half-close'] } },
  'half-closed after 100': { sip: { 'first INVITE': [TRYING, 'half-close'] } },
  'reset after 100': { sip: { INVITE: [TRYING, 'reset'] } },
  'the API is silent': { api: { method: 'PATCH', answer: 'silence' } },
  'the API hangs up': { api: { method: 'PATCH', answer: 'half-closed' } },
  'the API breaks off in the middle of a body': { api: { method: 'GET', answer: 'half a body' } },
  'the API speaks another protocol': { api: { method: 'GET', answer: 'no HTTP' } },
  'the API talks without end': { api: { method: 'GET', answer: 'no end' } },
  'the API answers with a page': { api: { method: 'PATCH', answer: { status: 200, body: '<html>' } } },
  'the API gives no password': { api: { method: 'PATCH', answer: { status: 200, body: { data: {} } } } },
} satisfies Readonly<Record<string, Behaviour>>;

/** All behaviours, by their names in features. */
export const BEHAVIOURS: ReadonlyMap<string, Behaviour> = new Map(
  Object.entries({ ...LEGAL, ...LEGAL_CANCELS, ...UNREADABLE, ...BROKEN }),
);
