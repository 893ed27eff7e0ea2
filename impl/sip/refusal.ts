/** How a malformed request is refused; the first refusal found counts. */
export interface Refusal {
  readonly status: number;
  readonly reasonPhrase: string;
}

const badRequest = (what: string): Refusal => ({ status: 400, reasonPhrase: `Bad Request (${what})` });

/** The refusals of malformed requests, by what is wrong. */
export const REFUSALS = {
  requestLine: badRequest('Request-Line'),
  requestUri: badRequest('Request-URI'),
  headerLine: badRequest('header field'),
  unterminated: badRequest('no end of header fields'),
  tooManyFields: badRequest('too many header fields'),
  repeated: badRequest('repeated header field'),
  control: badRequest('control character'),
  via: badRequest('Via'),
  from: badRequest('From'),
  to: badRequest('To'),
  callId: badRequest('Call-ID'),
  cseq: badRequest('CSeq'),
  maxForwards: badRequest('Max-Forwards'),
  contact: badRequest('Contact'),
  contentLength: badRequest('Content-Length'),
  bodyTooLarge: { status: 413, reasonPhrase: 'Request Entity Too Large' },
  uriTooLong: { status: 414, reasonPhrase: 'Request-URI Too Long' },
  scheme: { status: 416, reasonPhrase: 'Unsupported URI Scheme' },
  version: { status: 505, reasonPhrase: 'Version Not Supported' },
  headersTooLarge: { status: 513, reasonPhrase: 'Message Too Large' },
} as const satisfies Record<string, Refusal>;
