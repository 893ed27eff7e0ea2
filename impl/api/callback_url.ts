import { BlockList, isIP, isIPv4 } from 'node:net';

import { ipv4Number } from '../net/ipv4.ts';
import { prefixHolds } from '../net/ipv4_prefix.ts';
import { nonPublicIpv6Range } from '../net/ipv6_special_purpose.ts';
import { NON_PUBLIC_RANGES } from '../net/special_purpose.ts';
import type { ApplicationProfile } from '../store/model/voice_application.ts';
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
const UNSAFE = /[\p{Cc} \\]/u;
/** RFC 3986 section 3.2.1, an empty one too. */
const USERINFO = /^[^:/?#]+:\/\/[^/?#]*@/;

/**
 * Rule hard.callback-url: a customer's URL must not lead into the service's own network. The host is read as `fetch`
 * reads it, so that every notation of an address is that address. What a name leads to is known at delivery only.
 *
 * @param allowed host names, addresses and prefixes that are called although they are not public
 */
export function callbackRefusal(allowed: readonly string[]): CallbackRefusal {
  const { names, addresses } = allowedHosts(allowed);
  return (text) => {
    if (UNSAFE.test(text)) return 'must not hold blanks, control characters or backslashes';
    if (USERINFO.test(text)) return 'must not hold a user name or a password: callbackCreds is for these';
    const host = hostOf(text);
    if (host === undefined || names.has(host)) return undefined;
    const version = isIP(host);
    if (version === 0) {
      const isLocal = host === 'localhost' || host.endsWith('.localhost');
      return isLocal ? `names ${host}, which is not public: the service's own machine (RFC 6761)` : undefined;
    }
    if (addresses.check(host, version === 4 ? 'ipv4' : 'ipv6')) return undefined;
    const range = version === 4 ? nonPublicIpv4Range(host) : nonPublicIpv6Range(host);
    return range && `names ${host}, which is not public: ${range.name} (${range.source})`;
  };
}

/** One error for each callback URL that is sent and not called. */
export function callbackErrors(
  profile: { readonly [K in keyof ApplicationProfile]?: ApplicationProfile[K] | undefined },
  refusal: CallbackRefusal,
): FieldError[] {
  return CALLBACK_URL_FIELDS.flatMap((field) => {
    const url = profile[field] ?? undefined;
    const reason = url === undefined ? undefined : refusal(url);
    return reason === undefined ? [] : [{ field, reason }];
  });
}

/** The host in its one notation: an address without brackets, a name in lower case without its root dot. */
function hostOf(text: string): string | undefined {
  return URL.parse(text)
    ?.hostname.replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '');
}

function nonPublicIpv4Range(host: string): { readonly name: string; readonly source: string } | undefined {
  const address = ipv4Number(host);
  return address === undefined
    ? undefined
    : NON_PUBLIC_RANGES.find(({ prefix }) => prefixHolds(prefix, address));
}

function allowedHosts(allowed: readonly string[]): {
  readonly names: ReadonlySet<string>;
  readonly addresses: BlockList;
} {
  const addresses = new BlockList();
  const names = new Set<string>();
  for (const entry of allowed) {
    const [network = '', length] = entry.split('/');
    if (isIP(network) === 0) {
      names.add(entry.toLowerCase());
      continue;
    }
    const bits = isIPv4(network) ? 32 : 128;
    addresses.addSubnet(network, Number(length ?? bits), bits === 32 ? 'ipv4' : 'ipv6');
  }
  return { names, addresses };
}
