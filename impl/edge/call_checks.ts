import { prefixHolds } from '../net/ipv4_prefix.ts';
import {
  checkableCredentials,
  isDigestRight,
  type CheckableCredentials,
  type DigestCredentials,
} from '../sip/digest.ts';
import type { SipRequest } from '../sip/message.ts';
import type { CheckedNonce } from '../sip/nonce.ts';
import { parseSipUri, unescapedUser } from '../sip/uri.ts';
import type { Credential, Ha1, InboundSettings } from '../store/model/inbound_settings.ts';
import {
  challenge,
  refuse,
  type Arrival,
  type Decision,
  type NonceUse,
  type PolicyView,
} from './decision.ts';

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

/** One thing that a call has to pass. */
export interface CallCheck {
  readonly name: string;
  /** What is decided where the call does not pass; undefined where it does. */
  readonly judge: (call: JudgedCall) => Decision | undefined;
}

/**
 * What a call has to pass, in order: whom it is for, then where it comes from, then whether the caller knows the
 * password.
 */
export const CALL_CHECKS: readonly CallCheck[] = [
  { name: 'identity', judge: ({ isMismatch }) => (isMismatch ? IDENTITY_MISMATCH : undefined) },
  {
    name: 'application',
    judge: ({ isCallable }) => (isCallable ? undefined : NO_SUCH_APPLICATION_OR_DISABLED),
  },
  { name: 'source', judge: ({ isSourceAllowed }) => (isSourceAllowed ? undefined : SOURCE_NOT_ALLOWED) },
  { name: 'region', judge: ({ isRegionAllowed }) => (isRegionAllowed ? undefined : REGION_NOT_ALLOWED) },
  // The management API refuses settings with neither mode; if they occur all the same, nobody is let in.
  { name: 'mode', judge: ({ isProtected }) => (isProtected ? undefined : NO_AUTH_MODE) },
  { name: 'credentials', judge: proving(({ sent }) => (sent ? undefined : NO_CREDENTIALS)) },
  { name: 'user-name', judge: proving(({ ha1 }) => (ha1 ? undefined : AUTH_USER_MISMATCH)) },
  { name: 'form', judge: proving(({ answer }) => (answer ? undefined : CREDENTIALS_UNUSABLE)) },
  { name: 'digest-uri', judge: proving(({ isForHere }) => (isForHere ? undefined : DIGEST_URI_FOREIGN)) },
  { name: 'nonce', judge: proving(({ nonce }) => (nonce.state === 'forged' ? NONCE_FORGED : undefined)) },
  { name: 'nonce-age', judge: proving(staleness) },
  { name: 'digest', judge: proving(({ isRight }) => (isRight ? undefined : DIGEST_WRONG)) },
  { name: 'nonce-count', judge: proving(({ isReplayed }) => (isReplayed ? NONCE_REPLAYED : undefined)) },
];

/** What becomes of a call: the first check that it does not pass decides. `now` is of the nonces' clock. */
export function callDecision(
  arrival: Arrival,
  view: PolicyView,
  now: number,
  checks: readonly CallCheck[],
): Decision {
  const call = new JudgedCall(arrival, view, now);
  for (const { judge } of checks) {
    const decision = judge(call);
    if (decision !== undefined) return decision;
  }
  return call.delivery;
}

/** A check of the caller's proof, for calls to an application that asks for a password. */
function proving(judge: (proof: Proof) => Decision | undefined): CallCheck['judge'] {
  return ({ proof }) => (proof === undefined ? undefined : judge(proof));
}

/** RFC 7616 3.3: stale says that the password was right. Only its issuer knows the counts of a foreign nonce. */
function staleness({ nonce, isRight }: Proof): Decision | undefined {
  if (nonce.state === 'valid') return undefined;
  return isRight ? NONCE_STALE : NONCE_EXPIRED;
}

/** A call, and the facts that checks ask for. */
class JudgedCall {
  /** Whom the Request-URI names. */
  readonly called: InboundSettings | undefined;
  readonly #arrival: Arrival;
  readonly #view: PolicyView;
  readonly #now: number;
  #proof: Proof | undefined;

  constructor(arrival: Arrival, view: PolicyView, now: number) {
    this.called = arrival.records.requestUri.application;
    this.#arrival = arrival;
    this.#view = view;
    this.#now = now;
  }

  /**
   * Whether Request-URI and To name different users of which not both are one application, each by its id or the current
   * SIP URI's user part (rule amb.sip-uri-user). Two different users that nobody has are a mismatch too, so that the
   * answer does not tell whether one of them exists.
   */
  get isMismatch(): boolean {
    const { requestUri, to } = this.#arrival.records;
    if (requestUri.user === to.user) return false;
    return this.called === undefined || this.called.applicationId !== to.application?.applicationId;
  }

  get isCallable(): boolean {
    return this.called?.inboundSipCallsEnabled === true;
  }

  get isSourceAllowed(): boolean {
    const { allowedSources = [] } = this.called ?? {};
    return (
      allowedSources.length === 0 ||
      allowedSources.some((prefix) => prefixHolds(prefix, this.#arrival.source))
    );
  }

  get isRegionAllowed(): boolean {
    const { allowedRegions = [] } = this.called ?? {};
    const { region } = this.#arrival.records;
    return allowedRegions.length === 0 || allowedRegions.some((allowed) => allowed === region);
  }

  /** Whether something is asked of the caller: a password or an address. */
  get isProtected(): boolean {
    const { called } = this;
    return called !== undefined && (called.credential !== null || called.allowedSources.length > 0);
  }

  /** What the caller proves itself with; undefined where the application asks for no password. */
  get proof(): Proof | undefined {
    const { called } = this;
    if (!called?.credential) return undefined;
    return (this.#proof ??= new Proof(
      this.#arrival.request,
      called,
      called.credential,
      this.#view,
      this.#now,
    ));
  }

  /** What is decided where nothing speaks against the call. */
  get delivery(): Decision {
    const { called, proof } = this;
    if (called === undefined) return NO_SUCH_APPLICATION_OR_DISABLED;
    const reason = proof === undefined ? 'source-trusted' : 'digest-right';
    return { action: 'deliver', reason, application: called, nonceUse: proof?.nonceUse };
  }
}

/** The credentials of a call for our realm, and what they are worth. Nothing of it is worked out twice or in vain. */
class Proof {
  readonly sent: DigestCredentials | undefined;
  /** For the user they name; undefined if that is not the application. */
  readonly ha1: Ha1 | undefined;
  /** The credentials, if they can be checked. */
  readonly answer: CheckableCredentials | undefined;
  readonly #method: string;
  readonly #application: InboundSettings;
  readonly #view: PolicyView;
  readonly #now: number;
  #nonce: CheckedNonce | undefined;
  #isRight: boolean | undefined;

  constructor(
    request: SipRequest,
    application: InboundSettings,
    credential: Credential,
    view: PolicyView,
    now: number,
  ) {
    this.sent = credentialsFor(view.realm, request);
    this.ha1 = ha1Of(this.sent?.username, application, credential);
    this.answer = this.sent && checkableCredentials(this.sent);
    this.#method = request.method;
    this.#application = application;
    this.#view = view;
    this.#now = now;
  }

  /**
   * Whether the URI of the digest names the service and, if it has a user, this application (RFC 7616 3.4.6, rule
   * hard.digest.uri). Otherwise somebody has passed our nonce to a client of this application that calls somewhere else.
   */
  get isForHere(): boolean {
    const uri = this.answer && parseSipUri(this.answer.uri);
    if (uri === undefined || !this.#view.own.isHost(uri.host)) return false;
    if (uri.user === undefined) return true;
    const { applicationId, uriUser } = this.#application;
    const user = unescapedUser(uri.user);
    return user === applicationId || user === uriUser;
  }

  get nonce(): CheckedNonce {
    return (this.#nonce ??= this.#view.nonces.check(this.answer?.nonce ?? '', this.#now));
  }

  get isRight(): boolean {
    const { answer, ha1 } = this;
    return (this.#isRight ??=
      answer !== undefined &&
      ha1 !== undefined &&
      isDigestRight(answer, this.#method, ha1[answer.algorithm]));
  }

  get isReplayed(): boolean {
    const use = this.nonceUse;
    return use !== undefined && this.#view.nonceCounts.isReplayed(use.nonce, this.nonce.issuedAt, use.count);
  }

  get nonceUse(): NonceUse | undefined {
    const { answer } = this;
    return answer?.protection && { nonce: answer.nonce, count: answer.protection.count };
  }
}

/** The first credentials for our realm; others are not for us (RFC 3261 22.3). */
function credentialsFor(realm: string, request: SipRequest): DigestCredentials | undefined {
  for (const { credentials } of request.proxyAuthorizations) {
    if (credentials?.realm === realm) return credentials;
  }
  return undefined;
}

function ha1Of(
  username: string | undefined,
  application: InboundSettings,
  credential: Credential,
): Ha1 | undefined {
  if (username === application.applicationId) return credential.applicationId;
  return username === application.uriUser ? credential.uriUser : undefined;
}
