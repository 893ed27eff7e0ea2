import { decide } from '../../impl/edge/policy.ts';
import { parseSipUri } from '../../impl/sip/uri.ts';
import { credentialsIn } from '../credentials.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.digest.uri', [
  {
    id: 'digest-of-another-host-taken',
    sentence: 'The host in the uri of a digest is not looked at.',
    override: edgeWith({
      decide: (arrival, view, now) => decide(arrival, { ...view, own: { isHost: () => true } }, now),
    }),
  },
  {
    id: 'digest-of-another-application-taken',
    sentence: 'The user in the uri of a digest is not looked at.',
    override: decidedOtherwise((decision, arrival, view) => {
      const { application } = arrival.records.requestUri;
      const host = parseSipUri(credentialsIn(arrival, view)?.uri ?? '')?.host;
      const isMeant = decision.reason === 'digest-uri-foreign' && host !== undefined && view.own.isHost(host);
      return isMeant && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'digest-uri-refused-for-good',
    sentence: 'A digest for another host is refused with 403, as if no other answer could be right.',
    override: decidedOtherwise((decision) =>
      decision.reason === 'digest-uri-foreign'
        ? { action: 'refuse', status: 403, reason: 'digest-uri-foreign' }
        : decision,
    ),
  },
  {
    id: 'digest-uri-compared-by-letter',
    sentence: 'A digest is good only if its uri is the Request-URI, letter by letter.',
    override: decidedOtherwise((decision, arrival, view) =>
      decision.reason === 'digest-right' && credentialsIn(arrival, view)?.uri !== arrival.request.uriText
        ? { action: 'challenge', stale: false, reason: 'digest-uri-foreign' }
        : decision,
    ),
  },
]);

/** The credentials for the service's realm. */
