import type { SipRequest } from '../sip/message.ts';
import { unescapedUser } from '../sip/uri.ts';
import type { InboundDirectory, InboundSettings } from '../store/model/inbound_settings.ts';

/** Whom a URI names. */
export interface Named {
  /** The URI's user part, unescaped. */
  readonly user: string;
  /** The application that the user part names; undefined if there is none. */
  readonly application: InboundSettings | undefined;
}
/** What is looked up for a call before it is judged. */
export interface Records {
  readonly requestUri: Named;
  readonly to: Named;
  /** Region of the source address; undefined if its region is unknown. */
  readonly region: string | undefined;
}

/** Where records are looked up. It answers at once, and its answers are never stale. */
export interface RecordSource {
  readonly directory: InboundDirectory;
  /** Region of a source address (unsigned 32 bit); undefined if its region is unknown. */
  regionOf(source: number): string | undefined;
}

const NOBODY: Named = { user: '', application: undefined };

/** For requests that need no look-up. */
export const NO_RECORDS: Records = { requestUri: NOBODY, to: NOBODY, region: undefined };

/**
 * Looks up what a call is judged by; `source` is unsigned 32 bit. Most calls name one application twice, which costs
 * one look-up.
 */
export function recordsFor(request: SipRequest, source: number, from: RecordSource): Records {
  const { directory } = from;
  const user = unescapedUser(request.uri.user ?? '');
  const requestUri = { user, application: directory.find(user) };
  const toUser = unescapedUser(request.to.uri?.user ?? '');
  const to = toUser === user ? requestUri : { user: toUser, application: directory.find(toUser) };
  return { requestUri, to, region: from.regionOf(source) };
}
