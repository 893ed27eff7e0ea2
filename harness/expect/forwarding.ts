import { headerKey } from '../capture/sip_head.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { SMUGGLED } from '../model/cargo.ts';
import { isOwed } from '../model/delivery.ts';
import type { DeliveryRow } from '../model/delivery_rows.ts';
import type { Passage } from '../traffic/forwarding/passage.ts';
import { listedValues, uriIn } from '../traffic/listed_values.ts';
import { readChallenge } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';
import { recordedIn, routeMisrecorded } from './recorded_routes.ts';
import { otherVia } from './vias.ts';

/** More rows than these are counted, and not told one by one. */
const MOST_TOLD = 5;
/** A service that does not pass a method on refuses it with one of these. */
const REFUSED_METHOD = [405, 501];
/** Fields that a proxy changes, each with a rule of its own, or that tell the length of the body. */
const CHANGED = new Set([
  'via',
  'max-forwards',
  'route',
  'record-route',
  'proxy-authorization',
  'content-length',
]);
/** Fields whose values may be written in one line or in many (RFC 3261 section 7.3.1). */
const LISTS = new Set(['accept', 'allow', 'call-info', 'contact', 'supported', 'warning']);

/** A message that was sent, and what came of it. */
interface Passed extends Passage {
  readonly sent: WireMessage;
  readonly came: WireMessage;
}

/** What is wrong with a message that came, as a clause; undefined where nothing is. */
type Judge = (passed: Passed) => string | undefined;

const JUDGES: Readonly<Record<string, Judge>> = {
  'sip.headers.standard-kept': fieldsKept,
  'sip.headers.vendor-stripped': vendorStripped,
  'sip.headers.credentials-consumed': credentialsConsumed,
  'sip.auth.foreign-realm': foreignCredentialsKept,
  'sip.hops.decrement': hopsLowered,
  'sip.hops.every-method': hopsLowered,
  'sip.via.one': (passed) => hollow(passed, 'Via') ?? viasKept(passed),
  'sip.rport': sourceFilledIn,
  'sip.route.own': (passed) => hollow(passed, 'Route') ?? routesKept(passed),
  'sip.dialog.in-route': recordedKept,
  'sip.route.strict': strictRouteUndone,
  'sip.body.length': lengthSaid,
  'sip.message.forms': (passed) => startLineKept(passed) ?? fieldsKept(passed) ?? bodyKept(passed),
};

/** What came of a row: nothing wrong, something wrong, or nothing that could be judged. */
export type Outcome =
  { readonly kind: 'as it should be' } | { readonly kind: 'deviates' | 'unseen'; readonly how: string };

/** What came of a row, judged by its rule alone. */
export function outcomeOfPassage(passage: Passage): Outcome {
  const { row, sent, came, refusal } = passage;
  if (sent === undefined) return { kind: 'unseen', how: 'not sent, as the call did not get so far' };
  if (came === undefined) {
    const answer = refusal === undefined ? 'no answer' : refusal.startLine;
    const isItsChoice = !isOwed(row.message) && REFUSED_METHOD.includes(refusal?.status ?? 0);
    return isItsChoice
      ? { kind: 'unseen', how: `not passed on: ${answer}` }
      : { kind: 'deviates', how: `never arrived: ${answer}` };
  }
  const how = JUDGES[row.rule]?.({ ...passage, sent, came });
  return how === undefined ? { kind: 'as it should be' } : { kind: 'deviates', how };
}

/**
 * Each message arrived as its rule says. What did not is told by its coordinates; `again` says how to try only that.
 * Rules: those of the table (harness/model/delivery.ts), such as sip.body.length, sip.hops.every-method,
 * sip.message.forms, sip.route.own, sip.route.strict and sip.via.one.
 */
export function passedOnAsDocumented(
  passages: readonly Passage[],
  again: (row: DeliveryRow) => string,
): Match {
  const odd = passages.flatMap((passage) => {
    const outcome = outcomeOfPassage(passage);
    return outcome.kind === 'deviates' ? [{ row: passage.row, how: outcome.how }] : [];
  });
  const [first] = odd;
  if (!first) return matched;
  const told = odd.slice(0, MOST_TOLD).map(({ row, how }) => `${how} (${row.name})`);
  const more = odd.length > MOST_TOLD ? [`and ${odd.length - MOST_TOLD} more`] : [];
  return mismatch(
    'each message arrives as the rule says',
    `in ${odd.length} of ${passages.length} rows: ${[...told, ...more].join('; ')}`,
    `the table of the rows, attached; the first one again: ${again(first.row)}`,
  );
}

function startLineKept({ row: { message }, sent, came }: Passed): string | undefined {
  // Where an INVITE without a dialog is retargeted to is the service's own choice (RFC 3261 section 16.5).
  const isFree = message.status === undefined && !message.isInDialog;
  return isFree || sent.startLine === came.startLine
    ? undefined
    : `"${came.startLine}" for "${sent.startLine}"`;
}

function bodyKept({ sent, came }: Passed): string | undefined {
  if (sent.body === came.body) return undefined;
  const at = Array.from(sent.body).findIndex((octet, index) => octet !== came.body[index]);
  const where = at === -1 ? `goes on after ${sent.body.length} octets` : `is another one from octet ${at} on`;
  return `the body ${where}: ${came.body.length} octets for ${sent.body.length}`;
}

/** Values of each name as they were, in their order; folds may be undone, and other fields added. */
function fieldsKept({ sent, came }: Passed): string | undefined {
  const names = new Set(sent.headers.map(([name]) => headerKey(name.trim())));
  for (const name of names) {
    if (CHANGED.has(name) || name.startsWith('x-')) continue;
    const [wanted, got] = [sent, came].map((one) => valuesOf(one, name));
    // A value may be empty.
    if (wanted?.length !== got?.length || wanted?.join('\n') !== got?.join('\n'))
      return `${name}: ${got?.map(quoted).join(' | ') || 'missing'} for ${wanted?.map(quoted).join(' | ')}`;
  }
  return undefined;
}

function valuesOf(message: WireMessage, name: string): readonly string[] {
  const values = message.all(name);
  return LISTS.has(name) && values.some((value) => value !== '') ? listedValues(values) : values;
}

function vendorStripped({ came }: Passed): string | undefined {
  const leaked = came.headers.find(([name]) => /^x-/i.test(name.trim()));
  if (leaked) return `${quoted(leaked[2])} arrived`;
  return came.text.includes(SMUGGLED) ? 'the value of an X- field arrived' : undefined;
}

function credentialsFor(message: WireMessage, isMeant: (realm: string | undefined) => boolean): string[] {
  return message
    .all('Proxy-Authorization')
    .filter((value) => isMeant(readChallenge(value).parameters.get('realm')));
}

function credentialsConsumed({ came, call }: Passed): string | undefined {
  const [left] = credentialsFor(came, (realm) => realm === call.realm);
  return left === undefined ? undefined : `${quoted(left)} arrived`;
}

function foreignCredentialsKept({ sent, came, call }: Passed): string | undefined {
  const [wanted, got] = [sent, came].map((one) => credentialsFor(one, (realm) => realm !== call.realm));
  return wanted?.join('\n') === got?.join('\n')
    ? undefined
    : `${got?.length} of ${wanted?.length} credentials for another realm arrived as they were sent`;
}

function hopsLowered({ sent, came }: Passed): string | undefined {
  const before = sent.header('Max-Forwards');
  const wanted = before === undefined ? 70 : Number(before) - 1;
  const got = came.all('Max-Forwards');
  return got.length === 1 && Number(got[0]) === wanted && got[0] !== ''
    ? undefined
    : `Max-Forwards: ${got.map(quoted).join(' | ') || 'missing'} for ${before ?? 'none'}, not ${wanted}`;
}

/** A field whose last value was taken out goes as a whole: its grammar asks for a value (RFC 3261 section 25.1). */
function hollow({ came }: Passed, name: string): string | undefined {
  return came.all(name).some((value) => value.trim() === '') ? `a ${name} without a value` : undefined;
}

/** A request has one more Via, on top; a response has one less. What is below is as it was. */
function viasKept({ row: { message }, sent, came }: Passed): string | undefined {
  const [before, after] = [sent, came].map((one) => listedValues(one.all('Via')));
  if (before === undefined || after === undefined) return undefined;
  if (message.status === undefined) {
    const [own = '', ...others] = after;
    if (!/;\s*branch\s*=\s*z9hG4bK\S/i.test(own))
      return `${quoted(own)} is on top, without a branch that counts`;
    if (after.length !== before.length + 1) return `${after.length} Via for ${before.length}`;
    if (before.map(branchOf).includes(branchOf(own))) return `the branch of ${quoted(own)} is not its own`;
    return otherVia(before, others);
  }
  if (after.length !== before.length - 1) return `${after.length} Via for ${before.length}`;
  return otherVia(before.slice(1), after);
}

function branchOf(via: string): string | undefined {
  return /;\s*branch\s*=\s*([^;\s]*)/i.exec(via)?.[1];
}

/** The Via of the side that is answered says where its request came from (RFC 3581 section 4). */
function sourceFilledIn({ row: { message }, came, call }: Passed): string | undefined {
  const { address, port } = call.ends[message.towards];
  const [own = ''] = listedValues(came.all('Via'));
  const got = ['received', 'rport'].map(
    (name) => new RegExp(`;\\s*${name}\\s*=\\s*([^;\\s]*)`, 'i').exec(own)?.[1],
  );
  return got[0] === address && got[1] === String(port)
    ? undefined
    : `${quoted(own)} without received=${address} and rport=${port}`;
}

/** The values of the service are gone, those of other proxies are there in their order. */
function routesKept({ sent, came, call: { proxies } }: Passed): string | undefined {
  const wanted = listedValues(sent.all('Route')).filter((value) => proxies.includes(value));
  const got = listedValues(came.all('Route'));
  return wanted.join() === got.join()
    ? undefined
    : `Route: ${got.map(quoted).join(', ') || 'none'} for ${wanted.map(quoted).join(', ') || 'none'}`;
}

/** The target is the Request-URI again, and no Route any more (RFC 3261 section 16.4). */
function strictRouteUndone(passed: Passed): string | undefined {
  const { sent, came } = passed;
  const target = uriIn(listedValues(sent.all('Route')).at(-1) ?? '');
  const wanted = `${sent.method} ${target} SIP/2.0`;
  return came.startLine === wanted ? routesKept(passed) : `"${came.startLine}", not "${wanted}"`;
}

/** Over TCP its length is said, over UDP it may be left out (RFC 3261 section 18.3). */
function lengthSaid(passed: Passed): string | undefined {
  const { came } = passed;
  const lengths = came.all('Content-Length');
  const isRight =
    lengths.length === 1 && /^\d+$/.test(lengths[0]!) && Number(lengths[0]) === came.body.length;
  if (!isRight && (came.protocol === 'tcp' || lengths.length > 0))
    return `Content-Length: ${lengths.map(quoted).join(' | ') || 'missing'} for ${came.body.length} octets`;
  return bodyKept(passed);
}

/** An INVITE that begins a call has the service on top of its recorded route, as a loose router; what was there is below. */
function recordedKept({ row: { message }, sent, came }: Passed): string | undefined {
  return routeMisrecorded(recordedIn(sent), recordedIn(came), message.isInDialog);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
