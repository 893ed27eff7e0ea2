import type { Ipv4Prefix } from '../../net/ipv4_prefix.ts';

/** Digest hash algorithms the service can check (RFC 7616 section 3.3, RFC 8760 section 2.1). */
const DIGEST_ALGORITHMS = ['MD5', 'SHA-256', 'SHA-512-256'] as const;
/** One of {@link DIGEST_ALGORITHMS}. */
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** H(A1) of one user name for each algorithm, in lower-case hex. The password itself is never kept. */
export type Ha1 = Readonly<Record<DigestAlgorithm, string>>;

/** H(A1) for each of the two user names a caller may authenticate as (rule amb.sip-uri-user). */
export interface Credential {
  readonly applicationId: Ha1;
  readonly uriUser: Ha1;
}

/** What the signaling tier needs to know of a voice application to decide on a call. */
export interface InboundSettings {
  readonly applicationId: string;
  /** User part of the current SIP URI; null while inbound SIP calls are off. */
  readonly uriUser: string | null;
  readonly inboundSipCallsEnabled: boolean;
  /** Null while password authentication is off. */
  readonly credential: Credential | null;
  /** Empty: no restriction by source address. */
  readonly allowedSources: readonly Ipv4Prefix[];
  /** Empty: no restriction by region. */
  readonly allowedRegions: readonly string[];
}

/**
 * The signaling tier's view of the store. It is synchronous, because every call uses it, and never stale: a change is
 * visible once the management API has answered it (rule app.rotate.old-dies-at-once).
 */
export interface InboundDirectory {
  /** The application whose applicationId or current SIP URI user part is `user`; undefined if there is none. */
  find(user: string): InboundSettings | undefined;
}
