import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { listedValues } from '../traffic/listed_values.ts';
import { finalOf, shown, WHERE } from './attempts.ts';
import { matched, mismatch, type Match } from './match.ts';
import { otherVia } from './vias.ts';

/** An INVITE that somebody sent, and the 100 that came, if one did. */
export interface Trying {
  readonly name: string;
  readonly invite: WireMessage;
  readonly trying: WireMessage | undefined;
}

/** An INVITE that the called side got, and what the service sent it for the same hop. */
export interface HopByHop {
  readonly name: string;
  readonly invite: WireMessage;
  /** The refusal that an ACK belongs to. */
  readonly refusal?: WireMessage | undefined;
  /** The CANCEL, or the ACKs. */
  readonly came: readonly WireMessage[];
}

/** What is another one in a message than it should be, as a clause; undefined where nothing is. */
type Difference = string | undefined;

/** A 100 came before any other answer (rule sip.transaction.trying). */
export function tryingCame({ trying }: Trying): Match {
  return trying ? matched : mismatch('a 100 before any other answer', 'none', WHERE);
}

/** The 100 copies what identifies its INVITE, and its Timestamp, and adds no tag (rule sip.trying.form). */
export function tryingInForm(one: Trying): Match {
  const { invite, trying } = one;
  if (!trying) return tryingCame(one);
  const [sent, came] = [invite, trying].map((message) => listedValues(message.all('Via')));
  const difference =
    otherVia(sent ?? [], came ?? []) ??
    otherField('To', invite, trying) ??
    otherField('From', invite, trying) ??
    otherField('Call-ID', invite, trying) ??
    otherField('CSeq', invite, trying) ??
    otherTimestamp(invite, trying);
  return difference === undefined
    ? matched
    : mismatch(
        'a 100 with the Via values, From, To, Call-ID, CSeq and Timestamp of its INVITE',
        difference,
        'the 100',
      );
}

/** The CANCEL is that of its INVITE (rule sip.cancel.downstream). */
export function cancelFits({ invite, came }: HopByHop): Match {
  const wish = "one CANCEL with the INVITE's Request-URI, Via, Route, From, To, Call-ID and number in CSeq";
  const [cancel] = came;
  if (cancel === undefined) return mismatch(wish, 'none', 'what the called side got');
  const difference = otherHop(invite, cancel, 'CANCEL') ?? otherField('To', invite, cancel);
  return difference === undefined
    ? matched
    : mismatch(wish, difference, 'the CANCEL that the called side got');
}

/** No CANCEL is among what the service has sent (rule sip.cancel.downstream). */
export function heldBack(sent: readonly WireMessage[]): Match {
  const early = sent.find(({ method }) => method === 'CANCEL');
  return early
    ? mismatch('no CANCEL before a provisional answer', `"${early.startLine}" was sent`, 'the wire')
    : matched;
}

/** Each refusal that came has an ACK, which is that of its INVITE, with the To of the refusal (rule sip.ack.proxy). */
export function acksFit({ invite, refusal, came }: HopByHop, count: number): Match {
  const wish = `${count} ACK with the INVITE's Request-URI, Via, Route, From, Call-ID and number in CSeq, and the refusal's To`;
  if (came.length < count || refusal === undefined)
    return mismatch(wish, `${came.length} ACK`, 'what the called side got');
  for (const ack of came) {
    const difference = otherHop(invite, ack, 'ACK') ?? otherField('To', refusal, ack);
    if (difference !== undefined) return mismatch(wish, difference, 'the ACK that the called side got');
  }
  return matched;
}

/** It was answered with 420, and all that its Proxy-Require asks for is listed (rule sip.dialog.checks). */
export function extensionsRefused(attempt: Attempt): Match {
  const sent = messageIn(Buffer.from(attempt.sent, 'latin1'), NOWHERE, NOWHERE);
  const wanted = optionsOf(sent, 'Proxy-Require');
  const wish = `420 with Unsupported: ${wanted.join(', ')}`;
  const final = finalOf(attempt);
  if (final?.status !== 420) return mismatch(wish, shown(final), WHERE);
  const got = optionsOf(final, 'Unsupported');
  return wanted.toSorted().join() === got.toSorted().join()
    ? matched
    : mismatch(wish, `420 with Unsupported: ${got.join(', ') || 'missing'}`, WHERE);
}

const NOWHERE = { address: '', port: 0 };

function optionsOf(message: WireMessage | undefined, name: string): readonly string[] {
  return [...new Set((message?.all(name) ?? []).flatMap((line) => line.split(',')).map((one) => one.trim()))];
}

function otherHop(invite: WireMessage, came: WireMessage, method: string): Difference {
  const startLine = invite.startLine.replace('INVITE', method);
  if (came.startLine !== startLine) return `"${came.startLine}", not "${startLine}"`;
  const [top] = listedValues(invite.all('Via'));
  const vias = listedValues(came.all('Via'));
  if (vias.length !== 1 || vias[0] !== top) return `Via: ${vias.join(' | ')} for ${top}`;
  const [wanted, got] = [invite, came].map((message) => listedValues(message.all('Route')).join(', '));
  if (wanted !== got) return `Route: ${got || 'none'} for ${wanted || 'none'}`;
  const cseq = `${invite.cseq?.number} ${method}`;
  const number = came.cseq && `${came.cseq.number} ${came.cseq.method}`;
  if (number !== cseq) return `CSeq: ${number ?? 'missing'}, not ${cseq}`;
  return otherField('From', invite, came) ?? otherField('Call-ID', invite, came);
}

/** Blanks and folds are no difference (RFC 3261 section 7.3.1). */
function otherField(name: string, wanted: WireMessage, came: WireMessage): Difference {
  const [value, got] = [wanted, came].map((message) =>
    message.all(name).join(' | ').replaceAll(/\s+/g, ' ').trim(),
  );
  return value === got ? undefined : `${name}: ${got || 'missing'} for ${value}`;
}

/** A delay may stand behind it (RFC 3261 section 8.2.6.1). */
function otherTimestamp(invite: WireMessage, trying: WireMessage): Difference {
  const [wanted, came] = [invite, trying].map((message) => message.header('Timestamp')?.trim());
  if (wanted === undefined) return undefined;
  const [got, delay = '0'] = came?.split(/\s+/) ?? [];
  return got === wanted && /^\d*(\.\d*)?$/.test(delay)
    ? undefined
    : `Timestamp: ${came ?? 'missing'} for ${wanted}`;
}
