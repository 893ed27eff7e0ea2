import { prefixHolds } from '../net/ipv4_prefix.ts';
import { checkableCredentials, isDigestRight, type DigestCredentials } from '../sip/digest.ts';
import type { SipRequest } from '../sip/message.ts';
import type { CheckedNonce } from '../sip/nonce.ts';
import { parseSipUri, unescapedUser } from '../sip/uri.ts';
import type { Credential, Ha1, InboundSettings } from '../store/model/inbound_settings.ts';
import type { Records } from './records.ts';

/** A request, and what is known about it besides its text. */
export interface Arrival {
  readonly request: SipRequest;
  /** Source address of its packet, unsigned 32 bit. */
  readonly source: number;
  /** Whether it belongs to a dialog this edge set up, and comes from one of its two sides. */
  readonly inDialog: boolean;
  /** What was looked up for it; NO_RECORDS if it is judged without. */
  readonly records: Records;
}

/** What else the policy may read. Reading changes nothing. */
export interface PolicyView {
  /** The realm of challenges. Credentials for any other realm are ignored. */
  readonly realm: string;
  readonly own: {
    /** Whether the host of a URI is the service: its domain or an address of this edge. */
    isHost(host: string): boolean;
  };
  readonly loops: {
    /** Whether this edge has forwarded the request to the same place before. */
    hasReturned(request: SipRequest): boolean;
  };
  readonly nonces: {
    check(nonce: string, now: number): CheckedNonce;
  };
  readonly nonceCounts: {
    /** Whether this nonce-count, or a higher one, was accepted before. */
    isReplayed(nonce: string, issuedAt: number, count: number): boolean;
  };
}

/** A nonce-count that was accepted. Whoever acts on the decision must remember it. */
export interface NonceUse {
  readonly nonce: string;
  readonly count: number;
}

/** Why a request got its decision. For logs and counters: holds nothing secret and nothing the client sent. */
export type DecisionReason =
  | 'keepalive'
  | 'in-dialog'
  | 'source-trusted'
  | 'digest-right'
  | 'hops-exhausted'
  | 'looped'
  | 'extension-required'
  | 'no-such-dialog'
  | 'method-not-allowed'
  | 'identity-mismatch'
  | 'no-such-application-or-disabled'
  | 'no-auth-mode'
  | 'source-not-allowed'
  | 'region-not-allowed'
  | 'no-credentials'
  | 'credentials-unusable'
  | 'digest-uri-foreign'
  | 'auth-user-mismatch'
  | 'nonce-forged'
  | 'nonce-expired'
  | 'nonce-replayed'
  | 'digest-wrong';

/** What becomes of a request other than ACK and CANCEL, which are never judged (RFC 3261 22.1). */
export type Decision =
  | { readonly action: 'answer'; readonly reason: 'keepalive' }
  | { readonly action: 'relay'; readonly reason: 'in-dialog' }
  | {
      readonly action: 'deliver';
      readonly reason: 'source-trusted' | 'digest-right';
      readonly application: InboundSettings;
      readonly nonceUse: NonceUse | undefined;
    }
  | { readonly action: 'challenge'; readonly stale: boolean; readonly reason: DecisionReason }
  | { readonly action: 'refuse'; readonly status: RefusalStatus; readonly reason: DecisionReason };

/** The status of a refusal that the policy decides on. */
export type RefusalStatus = 401 | 403 | 405 | 420 | 481 | 482 | 483;

const refuse = (status: RefusalStatus, reason: DecisionReason): Decision => ({
  action: 'refuse',
  status,
  reason,
});
const challenge = (reason: DecisionReason, stale = false): Decision => ({
  action: 'challenge',
  stale,
  reason,
});

const KEEPALIVE: Decision = { action: 'answer', reason: 'keepalive' };
const IN_DIALOG: Decision = { action: 'relay', reason: 'in-dialog' };
const HOPS_EXHAUSTED = refuse(483, 'hops-exhausted');
const LOOPED = refuse(482, 'looped');
const EXTENSION_REQUIRED = refuse(420, 'extension-required');
const NO_SUCH_DIALOG = refuse(481, 'no-such-dialog');
const METHOD_NOT_ALLOWED = refuse(405, 'method-not-allowed');
const IDENTITY_MISMATCH = refuse(403, 'identity-mismatch');
const NO_SUCH_APPLICATION_OR_DISABLED = refuse(401, 'no-such-application-or-disabled');
const NO_AUTH_MODE = refuse(401, 'no-auth-mode');
const SOURCE_NOT_ALLOWED = refuse(401, 'source-not-allowed');
const REGION_NOT_ALLOWED = refuse(401, 'region-not-allowed');
const AUTH_USER_MISMATCH = refuse(403, 'auth-user-mismatch');
const DIGEST_WRONG = refuse(401, 'digest-wrong');
const NO_CREDENTIALS = challenge('no-credentials');
const CREDENTIALS_UNUSABLE = challenge('credentials-unusable');
const DIGEST_URI_FOREIGN = challenge('digest-uri-foreign');
const NONCE_FORGED = challenge('nonce-forged');
const NONCE_EXPIRED = challenge('nonce-expired');
const NONCE_STALE = challenge('nonce-expired', true);
const NONCE_REPLAYED = challenge('nonce-replayed', true);

/**
 * Decides on a request in the order of RFC 3261 16.3: hops, loop, Proxy-Require, then who may come in.
 * `now` is in milliseconds of the nonces' clock.
 */
export function decide(arrival: Arrival, view: PolicyView, now: number): Decision {
  const { request } = arrival;
  if (request.maxForwards === 0) return HOPS_EXHAUSTED;
  if (view.loops.hasReturned(request)) return LOOPED;
  if (request.field('proxy-require') !== undefined) return EXTENSION_REQUIRED;
  // RFC 3261 12.2.2. A To tag proves nothing by itself (rule sip.dialog.auth).
  if (request.to.tag !== undefined && request.method !== 'REGISTER') {
    return arrival.inDialog ? IN_DIALOG : NO_SUCH_DIALOG;
  }
  switch (request.method) {
    case 'INVITE':
      return decideOnCall(arrival, view, now);
    case 'OPTIONS':
      return KEEPALIVE;
    case 'BYE':
      return NO_SUCH_DIALOG;
    default:
      return METHOD_NOT_ALLOWED;
  }
}

/** Judges whom the call is for, then where it comes from, then whether the caller knows the password. */
function decideOnCall({ request, source, records }: Arrival, view: PolicyView, now: number): Decision {
  const named = namedApplication(records);
  if (named === 'mismatch') return IDENTITY_MISMATCH;
  if (named === undefined || !named.inboundSipCallsEnabled) return NO_SUCH_APPLICATION_OR_DISABLED;
  const { allowedSources, allowedRegions, credential } = named;
  if (allowedSources.length > 0 && !allowedSources.some((prefix) => prefixHolds(prefix, source))) {
    return SOURCE_NOT_ALLOWED;
  }
  if (allowedRegions.length > 0) {
    const { region } = records;
    if (region === undefined || !allowedRegions.includes(region)) return REGION_NOT_ALLOWED;
  }
  if (credential !== null) return decideOnDigest(request, named, credential, view, now);
  // The management API refuses settings with neither mode; if they occur all the same, nobody is let in.
  if (allowedSources.length === 0) return NO_AUTH_MODE;
  return { action: 'deliver', reason: 'source-trusted', application: named, nonceUse: undefined };
}

/**
 * The one application that Request-URI and To name, each by applicationId or the current SIP URI's user part (rule
 * amb.sip-uri-user). Two different users that nobody has are a mismatch too, so that the answer does not tell whether
 * one of them exists.
 */
function namedApplication({ requestUri, to }: Records): InboundSettings | undefined | 'mismatch' {
  const { application } = requestUri;
  if (requestUri.user === to.user) return application;
  return application !== undefined && application.applicationId === to.application?.applicationId
    ? application
    : 'mismatch';
}

function decideOnDigest(
  request: SipRequest,
  application: InboundSettings,
  credential: Credential,
  view: PolicyView,
  now: number,
): Decision {
  const sent = credentialsFor(view.realm, request);
  if (sent === undefined) return NO_CREDENTIALS;
  const ha1 = ha1Of(sent.username, application, credential);
  if (ha1 === undefined) return AUTH_USER_MISMATCH;
  const credentials = checkableCredentials(sent);
  if (credentials === undefined) return CREDENTIALS_UNUSABLE;
  if (!isDigestUriOf(application, credentials.uri, view)) return DIGEST_URI_FOREIGN;
  const { state, issuedAt } = view.nonces.check(credentials.nonce, now);
  if (state === 'forged') return NONCE_FORGED;
  const right = isDigestRight(credentials, request.method, ha1[credentials.algorithm]);
  // RFC 7616 3.3: stale says that the password was right. Only its issuer knows the counts of a foreign nonce.
  if (state !== 'valid') return right ? NONCE_STALE : NONCE_EXPIRED;
  if (!right) return DIGEST_WRONG;
  const { nonce, protection } = credentials;
  if (protection !== undefined && view.nonceCounts.isReplayed(nonce, issuedAt, protection.count))
    return NONCE_REPLAYED;
  const nonceUse = protection === undefined ? undefined : { nonce, count: protection.count };
  return { action: 'deliver', reason: 'digest-right', application, nonceUse };
}

/** The first credentials for our realm; others are not for us (RFC 3261 22.3). */
function credentialsFor(realm: string, request: SipRequest): DigestCredentials | undefined {
  for (const { credentials } of request.proxyAuthorizations) {
    if (credentials?.realm === realm) return credentials;
  }
  return undefined;
}

/**
 * Whether the URI of a digest names the service and, if it has a user, this application (RFC 7616 3.4.6, rule
 * hard.digest.uri). Otherwise somebody has passed our nonce to a client of this application that calls somewhere else.
 */
function isDigestUriOf(
  { applicationId, uriUser }: InboundSettings,
  text: string,
  { own }: PolicyView,
): boolean {
  const uri = parseSipUri(text);
  if (uri === undefined || !own.isHost(uri.host)) return false;
  if (uri.user === undefined) return true;
  const user = unescapedUser(uri.user);
  return user === applicationId || user === uriUser;
}

function ha1Of(
  username: string | undefined,
  application: InboundSettings,
  credential: Credential,
): Ha1 | undefined {
  if (username === application.applicationId) return credential.applicationId;
  return username !== undefined && username === application.uriUser ? credential.uriUser : undefined;
}
