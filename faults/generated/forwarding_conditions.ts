import type { SipRequest, SipResponse } from '../../impl/sip/message.ts';

/** A message on its way through the edge. */
export interface Passing {
  readonly message: SipRequest | SipResponse;
  readonly towards: 'platform' | 'caller';
  /** Between the caller and the edge. */
  readonly protocol: 'UDP' | 'TCP';
}

/** Something that is so with some messages and not with others. */
export interface PassingCondition {
  /** Ends a sentence that begins with "if". */
  readonly sentence: string;
  readonly holds: (passing: Passing) => boolean;
}

const NAMED_METHODS = ['INVITE', 'ACK', 'BYE', 'INFO', 'UPDATE'];

/** The conditions under which a treatment may have a hole, by name. */
export const PASSING_CONDITIONS: Readonly<Record<string, PassingCondition>> = {
  'first-invite': {
    sentence: 'it belongs to the INVITE that begins the call',
    holds: ({ message }) => message.method === 'INVITE' && message.cseq === 1,
  },
  'second-invite': {
    sentence: 'it belongs to an INVITE in a dialog',
    holds: ({ message }) => message.method === 'INVITE' && message.cseq !== 1,
  },
  ...Object.fromEntries(NAMED_METHODS.slice(1).map((method) => [method.toLowerCase(), ofMethod(method)])),
  'other-method': {
    sentence: 'it belongs to a request that sets nothing up and ends nothing',
    holds: ({ message: { method } }) => !NAMED_METHODS.includes(method),
  },
  'to-platform': {
    sentence: 'it goes to the voice platform',
    holds: ({ towards }) => towards === 'platform',
  },
  'to-caller': { sentence: 'it goes to the caller', holds: ({ towards }) => towards === 'caller' },
  'over-udp': { sentence: 'the caller uses UDP', holds: ({ protocol }) => protocol === 'UDP' },
  'over-tcp': { sentence: 'the caller uses TCP', holds: ({ protocol }) => protocol === 'TCP' },
  compact: {
    sentence: 'a header name is written in its compact form',
    holds: ({ message }) => message.headers.some(({ name }) => name.length === 1),
  },
  'odd-case': {
    sentence: 'a header name is written in odd case',
    holds: ({ message }) => message.headers.some(({ name }) => /^[a-z][A-Z]/.test(name)),
  },
  blanks: {
    sentence: 'blanks stand before a colon',
    holds: ({ message }) => /^[^\s:]+[ \t]+:/m.test(headOf(message)),
  },
  folded: {
    sentence: 'a header field is folded',
    holds: ({ message }) => /\r\n[ \t]/.test(headOf(message)),
  },
  repeated: {
    sentence: 'a header field comes twice',
    holds: ({ message: { headers } }) => new Set(headers.map(({ key }) => key)).size < headers.length,
  },
  octets: {
    sentence: 'a header field has octets that are not ASCII',
    holds: ({ message }) => /[\x80-\xFF]/.test(headOf(message)),
  },
  body: { sentence: 'it has a body', holds: ({ message }) => message.end > message.bodyStart },
  'no-body': { sentence: 'it has no body', holds: ({ message }) => message.end === message.bodyStart },
  'several-vias': {
    sentence: 'other proxies have put a Via on it',
    holds: ({ message }) => viasOf(message) > viasAtLeast(message),
  },
  'one-via': {
    sentence: 'no other proxy has put a Via on it',
    holds: ({ message }) => viasOf(message) <= viasAtLeast(message),
  },
  credentials: {
    sentence: 'it has credentials for another realm',
    holds: ({ message }) =>
      message.values('proxy-authorization').some((value) => value.includes('another-realm')),
  },
  'no-credentials': {
    sentence: 'it has no credentials',
    holds: ({ message }) => message.field('proxy-authorization') === undefined,
  },
};

function ofMethod(method: string): PassingCondition {
  return { sentence: `it belongs to ${method}`, holds: ({ message }) => message.method === method };
}

function headOf({ text, headersStart, bodyStart }: Passing['message']): string {
  return text.slice(headersStart, bodyStart);
}

function viasOf(message: Passing['message']): number {
  return message.values('via').join().split('branch=').length - 1;
}

/** A response has the Via of the edge, too. */
function viasAtLeast({ kind }: Passing['message']): number {
  return kind === 'request' ? 1 : 2;
}
