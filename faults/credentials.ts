import type { Arrival, PolicyView } from '../impl/edge/decision.ts';
import type { DigestCredentials } from '../impl/sip/digest.ts';

/** The credentials of a call for the service's realm; undefined where it has none. */
export function credentialsIn({ request }: Arrival, { realm }: PolicyView): DigestCredentials | undefined {
  return request.proxyAuthorizations.find(({ credentials }) => credentials?.realm === realm)?.credentials;
}
