/** A header field: its usual name, and its value, an octet a character. A value may be folded. */
export type Field = readonly [name: string, value: string];

/** A body, an octet a character. */
export interface Body {
  readonly type: string;
  readonly octets: string;
}

/** Whose realm credentials are for: the service's, or another one. */
export type Realm = 'own' | 'foreign';

/** What a message carries that the service must keep, change or take out. */
export interface Cargo {
  /** In words. Unique among the cargoes of a rule. */
  readonly name: string;
  /** Besides those that every message has. */
  readonly fields?: readonly Field[];
  /** Where these fields stand: directly after the start line, among the others by default, or as the last ones. */
  readonly place?: 'first' | 'last';
  readonly body?: Body;
  /** Max-Forwards of requests; 70 by default. */
  readonly hops?: number | 'none';
  /** Via values below the sender's own, in lines: each line is a list. */
  readonly vias?: readonly (readonly string[])[];
  /** Whether these share a line with the sender's own value. */
  readonly isViaShared?: boolean;
  /** Who the sender's own Via says it is; its address by default. */
  readonly sentBy?: 'host name';
  /** Credentials in requests to the voice platform, in their order; those that open the door come last. */
  readonly credentials?: readonly Realm[];
  /** Proxies besides the service that stay on the route of the dialog, on both sides. */
  readonly isRouteShared?: boolean;
  /** How several values of Route are written. */
  readonly routes?: 'in one line' | 'in lines of their own';
  /** Whether the hop before the service is a strict router: the service's own URI is the Request-URI, the target the last Route. */
  readonly isStrictlyRouted?: boolean;
  /** Whether the voice platform, which is reached over UDP, leaves Content-Length out. */
  readonly isLengthUnsaid?: boolean;
}

/** What no vendor field may leave behind. */
export const SMUGGLED = 'smuggled';

/** What a message carries that carries nothing. */
export const NOTHING: Cargo = { name: 'nothing else' };

/** The cargo with its company: of what only one of them can be, that of the cargo. */
export function joined(cargo: Cargo, company: Cargo): Cargo {
  return { ...company, ...cargo, fields: [...(cargo.fields ?? []), ...(company.fields ?? [])] };
}
