import type { WireMessage } from '../capture/sip_messages.ts';
import { listedValues } from '../traffic/listed_values.ts';
import { shown } from './attempts.ts';
import { matched, mismatch, type Match } from './match.ts';

/** A request in a call, and what it should have as Route where it arrives. */
export interface Routed {
  readonly name: string;
  readonly left: string;
  /** Undefined where it does not arrive. */
  readonly came: WireMessage | undefined;
}

/** An answer of the called side, and the same at the caller. */
export interface Recorded {
  readonly name: string;
  /** Record-Route values of the service, as the called side got them. */
  readonly own: readonly string[];
  /** All that the called side sent. */
  readonly sent: readonly string[];
  /** The Route lines of the caller since the beginning of the call. */
  readonly before: readonly string[];
  readonly answer: WireMessage | undefined;
}

/** A request in a call, and its final answer. */
export interface Asked {
  readonly name: string;
  readonly answer: WireMessage | undefined;
}

/** It has that Route, if it arrives: a service may refuse a Route that leads elsewhere (rule sip.route.own). */
export function routeLeft({ left, came }: Routed): Match {
  if (came === undefined) return matched;
  const got = listedValues(came.all('Route')).join(', ');
  return got === left
    ? matched
    : mismatch(`Route: ${left || 'none'}`, got || 'none', `the ${came.method} that the called side got`);
}

/**
 * Others have their place, and the service leads to where it did when the call began: each side may be told another value
 * of it (RFC 3261 section 16.7).
 * Rule: sip.dialog.in-route.
 */
export function recordedAsBefore({ own, sent, before, answer }: Recorded): Match {
  const got = listedValues(answer?.all('Record-Route') ?? []);
  const known = new Set(before.map(placeIn));
  const isRight =
    answer?.status === 200 &&
    got.length === sent.length &&
    sent.every((value, at) =>
      own.includes(value) ? isLoose(got[at] ?? '') && known.has(placeIn(got[at] ?? '')) : got[at] === value,
    );
  const wish = `200 with Record-Route: ${sent.join(', ')}, where the value of the service may be another one`;
  const came = `${shown(answer)} with Record-Route: ${got.join(', ') || 'none'}`;
  return isRight ? matched : mismatch(wish, came, 'the answer that the caller got');
}

/** It got 200 from the called side, or a refusal, and no trouble (rule sip.route.strict). */
export function passedOnOrRefused({ answer }: Asked): Match {
  const status = answer?.status ?? 0;
  return status === 200 || (status >= 400 && status < 500)
    ? matched
    : mismatch('200 of the called side, or 4xx', shown(answer), 'the wire');
}

function isLoose(value: string): boolean {
  return /^[^<]*<sips?:[^<>]*;\s*lr\b[^<>]*>/i.test(value);
}

function placeIn(value: string): string | undefined {
  return /<sips?:(?:[^<>@]*@)?([^;>]*)/i.exec(value)?.[1];
}
