import type { SipRequest } from '../sip/message.ts';
import type { CheckedNonce } from '../sip/nonce.ts';
import type { InboundSettings } from '../store/model/inbound_settings.ts';
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

/** A refusal with this status. */
export const refuse = (status: RefusalStatus, reason: DecisionReason): Decision => ({
  action: 'refuse',
  status,
  reason,
});
/** A challenge; `stale` says that only the nonce was too old. */
export const challenge = (reason: DecisionReason, stale = false): Decision => ({
  action: 'challenge',
  stale,
  reason,
});
