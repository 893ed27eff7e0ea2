/** The header fields that the parser keeps at hand, because every message needs them. */
export type RequiredHeader = 'via' | 'from' | 'to' | 'call-id' | 'cseq' | 'max-forwards' | 'content-length';

/** Compact forms (RFC 3261 20, the IANA registry of SIP header fields). */
const COMPACT_FORMS: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const USUAL_NAMES = [
  'Accept Accept-Encoding Accept-Language Alert-Info Allow Allow-Events Authentication-Info Authorization Call-ID',
  'Call-Info Contact Content-Disposition Content-Encoding Content-Language Content-Length Content-Type CSeq Date',
  'Event Expires From Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Asserted-Identity Path Priority',
  'Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-To Referred-By',
  'Reply-To Require Retry-After Route RSeq Server Session-Expires SIP-ETag SIP-If-Match Subject',
  'Subscription-State Supported Timestamp To Unsupported User-Agent Via Warning WWW-Authenticate',
].flatMap((line) => line.split(' '));

const KEYS = new Map<string, string>();
for (const name of USUAL_NAMES) {
  KEYS.set(name, name.toLowerCase());
  KEYS.set(name.toLowerCase(), name.toLowerCase());
}
for (const [compact, key] of Object.entries(COMPACT_FORMS)) {
  KEYS.set(compact, key);
  KEYS.set(compact.toUpperCase(), key);
}

/**
 * The canonical key of a header name in its usual spelling: lower case, compact form expanded. Undefined for any other
 * spelling or name: use `headerKey` for those. The table is fixed: hostile names cannot make it grow.
 */
export function usualHeaderKey(name: string): string | undefined {
  return KEYS.get(name);
}

/** The canonical key of any header name: lower case, compact form expanded. */
export function headerKey(name: string): string {
  const lowerCase = name.toLowerCase();
  return KEYS.get(lowerCase) ?? lowerCase;
}
