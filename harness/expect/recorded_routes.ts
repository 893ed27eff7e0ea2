import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { listedValues } from '../traffic/listed_values.ts';
import { matched, mismatch, type Match } from './match.ts';

/**
 * What is wrong with the route that a delivered request records, as a clause; undefined where the service is on top of it,
 * as a loose router, and what the sender had recorded is below.
 *
 * @param isInDialog such a request need not record the service again
 */
export function routeMisrecorded(
  sent: readonly string[],
  came: readonly string[],
  isInDialog: boolean,
): string | undefined {
  const own = came.slice(0, Math.max(came.length - sent.length, 0));
  if (came.slice(own.length).join() !== sent.join()) return `${shown(came)} for ${shown(sent)}`;
  const isLoose = own.every((value) => /<sips?:[^<>]*;\s*lr\b[^<>]*>/i.test(value));
  return isLoose && (own.length > 0 || isInDialog)
    ? undefined
    : `no Record-Route of the service with ;lr: ${shown(came)}`;
}

/** The Record-Route values of a message, one by one. */
export function recordedIn(message: WireMessage): readonly string[] {
  return listedValues(message.all('Record-Route'));
}

/** The INVITE was delivered with the service on top of the route that it records (rule sip.dialog.in-route). */
export function deliveredOnRoute({ sent, delivered = [] }: Pick<Attempt, 'sent' | 'delivered'>): Match {
  const wish = 'an INVITE with the service on top of its recorded route, as a loose router';
  const where = 'the INVITE delivered to the voice platform';
  const invite = delivered.find(({ method }) => method === 'INVITE');
  if (!invite) return mismatch(wish, 'no INVITE was delivered', where);
  const lines = [...sent.matchAll(/^Record-Route: (.*)\r$/gm)].map(([, value = '']) => value);
  const wrong = routeMisrecorded(listedValues(lines), recordedIn(invite), false);
  return wrong === undefined ? matched : mismatch(wish, wrong, where);
}

function shown(values: readonly string[]): string {
  return `Record-Route: ${values.map((value) => JSON.stringify(value)).join(', ') || 'none'}`;
}
