import type { Arrival } from '../../impl/edge/decision.ts';
import { ipv4Number } from '../../impl/net/ipv4.ts';
import type { DigestCredentials } from '../../impl/sip/digest.ts';
import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';

/** Something that is so with some calls and not with others. */
export interface CallCondition {
  /** Ends a sentence that begins with "if". */
  readonly sentence: string;
  readonly holds: (arrival: Arrival) => boolean;
}

/** The conditions under which a check may have a hole, by name. Each call is of one value of each dimension. */
export const CALL_CONDITIONS: Readonly<Record<string, CallCondition>> = {
  credentials: { sentence: 'the INVITE has credentials', holds: (arrival) => sentBy(arrival) !== undefined },
  'no-credentials': {
    sentence: 'the INVITE has no credentials',
    holds: (arrival) => sentBy(arrival) === undefined,
  },
  'first-invite': {
    sentence: 'the INVITE is the first of its call',
    holds: ({ request }) => request.cseq === 1,
  },
  'second-invite': {
    sentence: 'the INVITE is not the first of its call',
    holds: ({ request }) => request.cseq !== 1,
  },
  'named-by-id': {
    sentence: 'the Request-URI names the application by its id',
    holds: (arrival) => arrival.records.requestUri.user === called(arrival)?.applicationId,
  },
  'named-by-uri': {
    sentence: 'the Request-URI names the application by its SIP URI',
    holds: (arrival) => arrival.records.requestUri.user === called(arrival)?.uriUser,
  },
  'to-by-id': {
    sentence: 'To names an application by its id',
    holds: ({ records: { to } }) => to.user === to.application?.applicationId,
  },
  'to-by-uri': {
    sentence: 'To names an application by its SIP URI',
    holds: ({ records: { to } }) => to.user === to.application?.uriUser,
  },
  'user-by-id': {
    sentence: 'the user name of the credentials is the id of the application',
    holds: (arrival) => isNamed(sentBy(arrival)?.username, called(arrival)?.applicationId),
  },
  'user-by-uri': {
    sentence: 'the user name of the credentials is that of the SIP URI',
    holds: (arrival) => isNamed(sentBy(arrival)?.username, called(arrival)?.uriUser),
  },
  'with-qop': { sentence: 'the digest has a qop', holds: (arrival) => sentBy(arrival)?.qop !== undefined },
  'without-qop': {
    sentence: 'the digest has no qop',
    holds: (arrival) => sentBy(arrival) !== undefined && sentBy(arrival)?.qop === undefined,
  },
  password: {
    sentence: 'the application asks for a password',
    holds: (arrival) => (called(arrival)?.credential ?? null) !== null,
  },
  'no-password': {
    sentence: 'the application asks for no password',
    holds: (arrival) => (called(arrival)?.credential ?? null) === null,
  },
  'listed-sources': {
    sentence: 'the application lists sources',
    holds: (arrival) => (called(arrival)?.allowedSources.length ?? 0) > 0,
  },
  'no-listed-sources': {
    sentence: 'the application lists no sources',
    holds: (arrival) => (called(arrival)?.allowedSources.length ?? 0) === 0,
  },
  'named-regions': {
    sentence: 'the application names regions',
    holds: (arrival) => (called(arrival)?.allowedRegions.length ?? 0) > 0,
  },
  'no-named-regions': {
    sentence: 'the application names no regions',
    holds: (arrival) => (called(arrival)?.allowedRegions.length ?? 0) === 0,
  },
  'known-region': {
    sentence: 'the region of the source is known',
    holds: ({ records }) => records.region !== undefined,
  },
  'unknown-region': {
    sentence: 'nobody knows the region of the source',
    holds: ({ records }) => records.region === undefined,
  },
  'via-of-source': {
    sentence: 'Via names the source',
    holds: (arrival) => viaNumber(arrival) === arrival.source,
  },
  'via-of-another': {
    sentence: 'Via names another address than the source',
    holds: (arrival) => viaNumber(arrival) !== undefined && viaNumber(arrival) !== arrival.source,
  },
  'via-host-name': {
    sentence: 'Via names a host instead of an address',
    holds: (arrival) => viaNumber(arrival) === undefined,
  },
  'over-udp': {
    sentence: 'the INVITE comes over UDP',
    holds: ({ request }) => request.via.transport === 'UDP',
  },
  'over-tcp': {
    sentence: 'the INVITE comes over TCP',
    holds: ({ request }) => request.via.transport === 'TCP',
  },
};

function called({ records }: Arrival): InboundSettings | undefined {
  return records.requestUri.application;
}

function sentBy({ request }: Arrival): DigestCredentials | undefined {
  return request.proxyAuthorizations.find(({ credentials }) => credentials !== undefined)?.credentials;
}

function isNamed(name: string | undefined, by: string | null | undefined): boolean {
  return name !== undefined && name === by;
}

function viaNumber({ request }: Arrival): number | undefined {
  return ipv4Number(request.via.host);
}
