import type { SipRequest } from '../sip/message.ts';
import { unescapedUser } from '../sip/uri.ts';
import type { InboundDirectory, InboundSettings } from '../store/model/inbound_settings.ts';

/** Whom a URI names: its user part, unescaped, and the application of that name, if there is one. */
export interface Named {
  readonly user: string;
  readonly application: InboundSettings | undefined;
}

/** What is looked up for a call before it is judged. */
export interface Records {
  readonly requestUri: Named;
  readonly to: Named;
  /** Region of the source address; undefined where it is of no known region. */
  readonly region: string | undefined;
}

/** Where records are looked up: at once, and never stale. */
export interface RecordSource {
  readonly directory: InboundDirectory;
  /** Region of a source address (unsigned 32 bit); undefined where it is of no known region. */
  regionOf(source: number): string | undefined;
}

const NOBODY: Named = { user: '', application: undefined };

/** For requests that name no application. */
export const NO_RECORDS: Records = { requestUri: NOBODY, to: NOBODY, region: undefined };

/** Looks up what a call is judged by. Most calls name one application twice, which costs one look-up. */
export function recordsFor(request: SipRequest, source: number, from: RecordSource): Records {
  const { directory } = from;
  const user = unescapedUser(request.uri.user ?? '');
  const requestUri = { user, application: directory.find(user) };
  const toUser = unescapedUser(request.to.uri?.user ?? '');
  const to = toUser === user ? requestUri : { user: toUser, application: directory.find(toUser) };
  return { requestUri, to, region: from.regionOf(source) };
}
