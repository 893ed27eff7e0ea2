// Who is where in the lab (harness/lab/addresses.ts has the plan).

/** The SIP domain and digest realm of both servers. */
export const REALM = 'sip-uri.voice-api.example';

/** An IPv4 address and a port. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The SIP address of the reference. */
export const OURS: ServerAddress = { host: '198.18.67.33', port: 6160 };
/** targets/kamailio/kamailio.cfg looks for this address in Via fields. */
export const KAMAILIO: ServerAddress = { host: '198.18.67.34', port: 6160 };
/** The HTTP address of the management API, or of the bare server. */
export const MANAGEMENT_API: ServerAddress = { host: '198.18.67.80', port: 8080 };
/** The SIPp that answers the calls that both servers deliver. */
export const PLATFORM: ServerAddress = { host: '198.18.67.97', port: 6160 };

/** The prefix of all callers, in the US; the application without a password trusts it. */
export const CALLERS_PREFIX = '203.0.113.0/25';
/** The region of `CALLERS_PREFIX`. */
export const CALLERS_REGION = 'US';
const FIRST_CALLER = 10;
/** The number of callers that there are addresses for. */
export const MOST_CALLERS = 100;

/** The address of the caller with this number, from 0 to `MOST_CALLERS` - 1. */
export function callerAddress(index: number): string {
  return `203.0.113.${FIRST_CALLER + index}`;
}
