import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { invitesOf, transactionsOf, type Call } from '../traffic/call.ts';
import { listedValues } from '../traffic/listed_values.ts';
import { matched, mismatch, type Match } from './match.ts';

/**
 * The first answer to the last INVITE, 100 Trying or any other, came within this time.
 * Rule: sip.transaction.trying.
 */
export function firstAnsweredWithin(call: Call, milliseconds: number): Match {
  const last = invitesOf(call).at(-1);
  const wish = `100 Trying, or any other answer, within ${milliseconds} ms`;
  const [first] = last?.responses ?? [];
  if (!last || !first) return mismatch(wish, 'no answer', 'the ladder');
  const took = first.time - last.request.time;
  return took <= milliseconds
    ? matched
    : mismatch(wish, `${first.status} ${first.reason} after ${Math.round(took)} ms`, 'the ladder');
}

/** The same final answer to the INVITE came again while no ACK was sent (rule sip.transaction.retransmit). */
export function finalRepeated(call: Call, status: number): Match {
  const wish = `${status}, and the same ${status} again while no ACK comes`;
  const finals = invitesOf(call)[0]?.responses.filter((response) => (response.status ?? 0) >= 200) ?? [];
  const [first, second] = finals;
  if (first?.status !== status)
    return mismatch(wish, first ? `${first.status}` : 'no final answer', 'the ladder');
  if (!second) return mismatch(wish, `one ${status}`, 'the ladder');
  return second.text === first.text
    ? matched
    : mismatch(wish, 'another answer the second time', 'the SIP messages');
}

/** The INVITE got one final status, however often it was sent (rule sip.transaction.retransmit). */
export function answeredAlike({ answers }: Pick<Attempt, 'answers'>): Match {
  const finals = answers.filter(({ status = 0, cseq }) => status >= 200 && cseq?.method === 'INVITE');
  const statuses = new Set(finals.map(({ status }) => status));
  return statuses.size === 1
    ? matched
    : mismatch(
        'the same answer each time',
        [...statuses].join(', ') || 'no final answer',
        'the requests and their answers, attached',
      );
}

/** What tells the refusal of one transaction from that of another. */
function refusalIn(final: WireMessage): string {
  const [tag = 'no To tag'] = /;\s*tag\s*=\s*[^;\s]+/i.exec(final.header('To') ?? '') ?? [];
  const challenges = ['Proxy-Authenticate', 'WWW-Authenticate'].flatMap((name) => final.all(name));
  return [final.status, tag, ...challenges].join(' ');
}

/**
 * The INVITE was refused, and each refusal has the status, To tag and challenge of the first, however often it was sent.
 * Rule: sip.transaction.retransmit.
 */
export function refusedOnce({ answers }: Pick<Attempt, 'answers'>): Match {
  const finals = answers.filter(({ status = 0, cseq }) => status >= 200 && cseq?.method === 'INVITE');
  const refusals = new Set(finals.map(refusalIn));
  const wish = 'one refusal, or the same again';
  const where = 'the requests and their answers, attached';
  if (refusals.size === 0) return mismatch(wish, 'no final answer', where);
  const [success] = finals.filter(({ status = 0 }) => status < 300);
  if (success) return mismatch(wish, success.startLine, where);
  return refusals.size === 1 ? matched : mismatch(wish, [...refusals].join(', then '), where);
}

/**
 * There is a final answer, and each response came from where the request had gone, with the packet's real source in
 * its topmost Via (RFC 3581 section 4).
 * Rule: sip.rport.
 */
export function answeredAtSource(call: Call): Match {
  const responses = call.messages.filter(({ status }) => status !== undefined);
  const asked = call.messages.find(({ method }) => method !== undefined)?.destination;
  const told = sourceTold({ answers: responses });
  const astray = responses.find(({ source }) => asked && !sameEndpoint(source, asked));
  if (!told.ok || !asked || !astray) return told;
  const [from, to] = [astray.source, asked].map((end) => `${end.address}:${end.port}`);
  return mismatch(
    `answers from ${to}, where the request went`,
    `${astray.status} from ${from}`,
    'the ladder',
  );
}

/**
 * There is a final answer, and the topmost Via of each response has the address and port where it went, which are those
 * that the request came from (RFC 3581 section 4).
 * Rule: sip.rport.
 */
export function sourceTold({ answers }: Pick<Attempt, 'answers'>): Match {
  if (!answers.some(({ status = 0 }) => status >= 200))
    return mismatch("a final answer to the packet's source", 'none', 'the ladder');
  for (const message of answers) {
    const via = message.header('Via') ?? '';
    const { address, port } = message.destination;
    const received = /;\s*received\s*=\s*([^;\s,]+)/i.exec(via)?.[1];
    const rport = /;\s*rport\s*=\s*(\d+)/i.exec(via)?.[1];
    if (received !== address || Number(rport) !== port) {
      const wish = `Via with received=${address} and rport=${port}`;
      return mismatch(wish, `Via: ${via}`, `the ${message.status} in the SIP messages`);
    }
  }
  return matched;
}

function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

/** The CANCEL got 200, and its INVITE got 487 (rules sip.ack-cancel.unchallenged, sip.cancel). */
export function cancelled(call: Call): Match {
  const wish = '200 to the CANCEL and 487 to the INVITE';
  const cancel = transactionsOf(call).find(({ request }) => request.method === 'CANCEL');
  const invite = invitesOf(call).at(-1);
  const came = `${cancel?.final?.status ?? 'nothing'} to the CANCEL and ${invite?.final?.status ?? 'nothing'} to the INVITE`;
  return cancel?.final?.status === 200 && invite?.final?.status === 487 && call.sipp.outcome === 'passed'
    ? matched
    : mismatch(wish, came, 'the ladder');
}

/** This request was never answered with a challenge (rule sip.ack-cancel.unchallenged). */
export function neverChallenged(call: Call, method: string): Match {
  const challenge = call.messages.find(
    ({ status, cseq }) => (status === 401 || status === 407) && cseq?.method === method,
  );
  return challenge
    ? mismatch(`no challenge of ${method}`, `${challenge.status} to ${method}`, 'the ladder')
    : matched;
}

/**
 * The only request of the call got one of these final statuses.
 * Rules: sip.dialog.auth, sip.dialog.in-route, sip.methods.
 */
export function requestAnswered(call: Call, method: string, statuses: readonly number[]): Match {
  const transaction = transactionsOf(call).find(({ request }) => request.method === method);
  const status = transaction?.final?.status;
  return status !== undefined && statuses.includes(status)
    ? matched
    : mismatch(
        statuses.map(String),
        status === undefined ? 'no final answer' : String(status),
        `the answer to ${method}`,
      );
}

/** The request was refused: with any final status from 400 on (rule sip.methods). */
export function requestRefused(call: Call, method: string): Match {
  const transaction = transactionsOf(call).find(({ request }) => request.method === method);
  const status = transaction?.final?.status;
  return status !== undefined && status >= 400
    ? matched
    : mismatch(
        'a refusal (400 or above)',
        status === undefined ? 'no final answer' : String(status),
        `the answer to ${method}`,
      );
}

/**
 * The refusal says which methods are allowed (RFC 3261 section 21.4.6).
 * Rule: sip.methods.
 */
export function allowsMethods(call: Call): Match {
  const refusal = call.messages.find(({ status }) => status === 405);
  return allowsSomething(refusal);
}

/** The answer is a 405, and Allow names a method at least (rule sip.methods). */
export function allowsSomething(answer: WireMessage | undefined): Match {
  const wish = '405, and a method in Allow';
  if (answer?.status !== 405) return mismatch(wish, answer?.startLine ?? 'no 405', 'the SIP messages');
  const methods = listedValues(answer.all('Allow'));
  return methods.length > 0 ? matched : mismatch(wish, '405 without a method in Allow', 'the SIP messages');
}

/** A request that came twice, octet for octet. */
export interface Repeated {
  readonly name: string;
  /** The final answer to the first. */
  readonly answer: WireMessage;
  /** That to the second; undefined where none came. */
  readonly again: WireMessage | undefined;
  /** How often it was passed on; undefined where nobody saw. */
  readonly times: number | undefined;
}

/** The second got the answer of the first, and only one was passed on (rule sip.transaction.retransmit). */
export function repeatedAlike({ answer, again, times = 1 }: Repeated): Match {
  const wish = `"${answer.startLine}" again, passed on once`;
  const came = again ? `"${again.startLine}"` : 'no answer';
  return again?.text === answer.text && times === 1
    ? matched
    : mismatch(wish, `${came}, passed on ${times} times`, 'the wire');
}
