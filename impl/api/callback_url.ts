import { isIPv6 } from 'node:net';

import { ipv4Number } from '../net/ipv4.ts';
import { prefixHolds } from '../net/ipv4_prefix.ts';
import { nonPublicIpv6Range } from '../net/ipv6_special_purpose.ts';
import { NON_PUBLIC_RANGES } from '../net/special_purpose.ts';
import type { ApplicationProfile } from '../store/model/voice_application.ts';
import { allowedHosts } from './callback_hosts.ts';
import type { FieldError } from './field_error.ts';

/** Every field of an application that the service calls. */
const CALLBACK_URL_FIELDS = [
  'callInitiatedCallbackUrl',
  'callInitiatedFallbackUrl',
  'callStatusCallbackUrl',
] as const;

/** Why the service does not call this URL, as the end of a sentence about its field; undefined if it may. */
export type CallbackRefusal = (url: string) => string | undefined;

/** What programs read differently or not at all: control characters, blanks, backslashes. */
const UNSAFE = /[\p{Cc}\s\\]/u;
/** RFC 3986 section 3.2.1, an empty one too. */
const USERINFO = /^\w+:\/\/[^/?#]*@/;
/** What localhost and the names under it lead to (RFC 6761 section 6.3). */
const LOCALHOST = '127.0.0.1';

/**
 * Rule hard.callback-url: a customer's http or https URL must not lead into the service's own network. The host is read
 * as `fetch` reads it, so that every notation of an address is that address. What a name leads to is known at delivery
 * only.
 *
 * @param allowed host names, addresses and prefixes that are called although they are not public
 */
export function callbackRefusal(allowed: readonly string[]): CallbackRefusal {
  const isAllowed = allowedHosts(allowed);
  return (text) => {
    if (UNSAFE.test(text)) return 'must not hold blanks, control characters or backslashes';
    if (USERINFO.test(text)) return 'must not hold a user name or a password: callbackCreds is for these';
    const host = hostOf(text);
    const range = nonPublicRange(host);
    if (range === undefined || isAllowed(host)) return undefined;
    return `names ${host}, which is not public: ${range.name} (${range.source})`;
  };
}

/** One error for each callback URL that is sent and not called. */
export function callbackErrors(
  profile: { readonly [K in keyof ApplicationProfile]?: ApplicationProfile[K] | undefined },
  refusal: CallbackRefusal,
): FieldError[] {
  return CALLBACK_URL_FIELDS.flatMap((field) => {
    const url = profile[field];
    const reason = url && refusal(url);
    return reason ? [{ field, reason }] : [];
  });
}

/** The host in its one notation: an address without brackets, a name in lower case without its root dot. */
function hostOf(text: string): string {
  return new URL(text).hostname.replaceAll(/[[\]]/g, '').replace(/\.+$/, '');
}

/** The range that makes a host not public; undefined if it is, or is a name. */
function nonPublicRange(host: string): { readonly name: string; readonly source: string } | undefined {
  if (isIPv6(host)) return nonPublicIpv6Range(host);
  const isLocal = host === 'localhost' || host.endsWith('.localhost');
  const address = ipv4Number(isLocal ? LOCALHOST : host);
  return NON_PUBLIC_RANGES.find(({ prefix }) => address !== undefined && prefixHolds(prefix, address));
}
