import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { isFinalOf, type Attempt } from '../traffic/attempt.ts';
import { answerable, digestsIn, type Challenge } from './challenge.ts';
import { anyOf, matched, mismatch, type Match } from './match.ts';
import { isSignOfLife, SIGN_OF_LIFE } from './raw.ts';

/** Where a reader finds what a round of requests came to. */
export const WHERE = 'the requests and their answers, attached';

/** The first final answer. */
export function finalOf(attempt: Attempt | undefined): WireMessage | undefined {
  return attempt?.answers.find((answer) => isFinalOf(answer, attempt.callIds));
}

/** The answer in a few words. */
export function shown(answer: WireMessage | undefined): string {
  return answer ? `${answer.status} ${answer.reason ?? ''}`.trim() : 'no final answer';
}

/** The Digest challenge of a 407 that a caller answers: one for MD5, or else the first. */
export function challengeIn(final: WireMessage | undefined): Challenge | undefined {
  const digests = digestsIn(final);
  return answerable(digests)[0] ?? digests[0];
}

/**
 * It was challenged for this realm, with a nonce that none of these texts holds.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay.
 */
export function challengedAnew(attempt: Attempt, realm: string, known: readonly string[]): Match {
  const wish = `407 with Proxy-Authenticate: Digest realm="${realm}" and a nonce not seen before`;
  const challenge = challengeIn(finalOf(attempt));
  if (!challenge) return mismatch(wish, shown(finalOf(attempt)), WHERE);
  const nonce = challenge.parameters.get('nonce') ?? '';
  if (challenge.parameters.get('realm') !== realm || nonce === '')
    return mismatch(wish, challenge.text, WHERE);
  return known.some((text) => text.includes(nonce))
    ? mismatch(wish, '407 with the same nonce', WHERE)
    : matched;
}

/**
 * It got through: the voice platform was called. Without a stand-in there, any answer will do that the service does not
 * give to somebody it does not let in.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay, hard.digest.nonce-poisoning, hard.headers.smuggling.
 */
export function gotThrough(attempt: Attempt): Match {
  const final = finalOf(attempt);
  const wish = 'the call reaches the voice platform';
  const isLetIn = attempt.delivered
    ? attempt.delivered.some(({ method }) => method === 'INVITE')
    : final !== undefined && ![401, 403, 407].includes(final.status ?? 0);
  return isLetIn ? matched : mismatch(wish, `it did not: ${shown(final)}`, WHERE);
}

/**
 * Nothing that was sent under its Call-IDs reached the voice platform, or anybody else.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay, hard.digest.nonce-poisoning, hard.methods.unauthenticated,
 * hard.dialog.invented-tag, hard.dialog.token, hard.dialog.revived, hard.digest.uri, hard.digest.form,
 * hard.message.ambiguous.
 */
export function keptOut({ delivered = [], passedOn = [] }: Attempt): Match {
  const through = [...delivered, ...passedOn].find(({ method }) => method !== undefined);
  if (!through) return matched;
  const { address, port } = through.destination;
  return mismatch('nothing is passed on', `"${through.startLine}" was sent to ${address}:${port}`, WHERE);
}

/**
 * It was refused for what it asks: with 4xx, or with 501, as RFC 3261 section 21.5.2 wants it of an unknown method.
 * Rules: hard.methods.unauthenticated, hard.dialog.token.
 */
export function refused(attempt: Attempt): Match {
  const final = finalOf(attempt);
  const status = final?.status ?? 0;
  return (status >= 400 && status < 500) || status === 501
    ? matched
    : mismatch('a refusal: 4xx or 501', shown(final), WHERE);
}

/** Its final answer has this status (rule sip.auth.wrong-password). */
export function refusedWith(attempt: Attempt, status: number): Match {
  const final = finalOf(attempt);
  return final?.status === status ? matched : mismatch(String(status), shown(final), WHERE);
}

/**
 * It was refused with 4xx or 5xx, or got no answer at all.
 * Rules: hard.dialog.invented-tag, hard.message.long-fields, hard.message.bad-via, hard.message.ambiguous.
 */
export function refusedOrDropped(attempt: Attempt): Match {
  const wrong = attempt.answers.find(({ status = 0 }) => status < 400 || status >= 600);
  return wrong ? mismatch('a refusal (4xx or 5xx), or no answer', shown(wrong), WHERE) : matched;
}

/**
 * It was refused, or reached the voice platform without any Route.
 * Rule: hard.route.preloaded.
 */
export function unrouted(attempt: Attempt): Match {
  const wish = 'a refusal, or an INVITE without Route at the voice platform';
  const [invite] = (attempt.delivered ?? []).filter(({ method }) => method === 'INVITE');
  if (invite === undefined) return anyOf(mismatch(wish, shown(finalOf(attempt)), WHERE), refused(attempt));
  const route = invite.header('Route');
  return route === undefined
    ? matched
    : mismatch(wish, `Route: ${route}`, 'the INVITE delivered to the voice platform');
}

/**
 * No request that came of it went to anybody but the voice platform.
 * Rule: hard.route.preloaded.
 */
export function nobodyElseAsked({ delivered = [], passedOn = [] }: Attempt): Match {
  const known = new Set(delivered.map(({ text }) => text));
  const stray = passedOn.find(({ method, text }) => method !== undefined && !known.has(text));
  if (!stray) return matched;
  const { address, port } = stray.destination;
  return mismatch('no request to anybody else', `"${stray.startLine}" was sent to ${address}:${port}`, WHERE);
}

/**
 * An OPTIONS sent right after them was answered, and not with trouble (rules hard.message.long-fields,
 * hard.message.bad-via).
 */
export function aliveAfter({ afterwards }: Attempt): Match {
  return isSignOfLife(afterwards)
    ? matched
    : mismatch(SIGN_OF_LIFE, afterwards ? shown(afterwards) : 'no answer', WHERE);
}

/** What came of a request, or of a whole call, beyond the service. */
type PassedOn = Pick<Attempt, 'delivered' | 'passedOn'>;

/** What was sent to anybody but the caller. */
function sentOn({ delivered = [], passedOn = [] }: PassedOn): readonly WireMessage[] {
  return [...new Set([...delivered, ...passedOn])].filter(({ method }) => method !== undefined);
}

/** The lines ahead of the body, as an element sees them that takes a bare CR or LF for the end of a line. */
function looseLines({ text }: WireMessage): readonly string[] {
  return text.split('\r\n\r\n', 1).flatMap((head) => head.split(/[\r\n]+/));
}

/**
 * No header whose name begins with X- was passed on, in no reading, and nothing of the values that such headers had.
 * Rule: hard.headers.smuggling.
 */
export function nothingSmuggled(attempt: PassedOn, value: string): Match {
  for (const message of sentOn(attempt)) {
    const line = looseLines(message).find((one) => /^x-/i.test(one) || one.includes(value));
    if (line !== undefined)
      return mismatch(
        'no header whose name begins with X-, and nothing of its value',
        JSON.stringify(line),
        `the ${message.method} that was passed on`,
      );
  }
  return matched;
}

/**
 * No message that came of it has a header line of this name, which only an escape or half a line break stood before.
 * Rule: hard.headers.crlf-injection.
 */
export function nothingInjected(attempt: Attempt, name: string): Match {
  const line = new RegExp(`\\r\\n${name}[ \\t]*:[^\\r]*`, 'i');
  for (const message of [...sentOn(attempt), ...attempt.answers]) {
    const [injected] = line.exec(message.text) ?? [];
    if (injected !== undefined)
      return mismatch(`no header line ${name}`, JSON.stringify(injected), `"${message.startLine}"`);
  }
  return matched;
}

/**
 * It was answered with one of these statuses, and no request that stems from it was sent on: none has its branch.
 * Rules: hard.dialog.hijack, sip.dialog.auth, sip.dialog.in-route.
 */
export function turnedAway(attempt: Attempt, statuses: readonly number[]): Match {
  const final = finalOf(attempt);
  const wish = statuses.map(String);
  if (!statuses.includes(final?.status ?? 0)) return mismatch(wish, shown(final), WHERE);
  const branch = /branch=([^;\r]+)/.exec(attempt.sent)?.[1] ?? attempt.sent;
  const through = sentOn(attempt).find(
    (message) => message.method === final?.cseq?.method && message.text.includes(branch),
  );
  return through ? mismatch('nothing is passed on', `"${through.startLine}" was`, WHERE) : matched;
}

/**
 * It was not passed on. The ACK to its refusal may have been: a service that keeps no state of what it refuses takes it for
 * one of the call (RFC 3261 section 16.11).
 * Rule: sip.dialog.checks.
 */
export function requestKeptOut(attempt: Attempt): Match {
  const isOfRequest = ({ method }: WireMessage): boolean =>
    method !== 'ACK' || attempt.sent.startsWith('ACK ');
  const { delivered, passedOn } = attempt;
  return keptOut({
    ...attempt,
    delivered: delivered?.filter(isOfRequest),
    passedOn: passedOn?.filter(isOfRequest),
  });
}

/** The attempt with nothing but what has its branch: not with what else was passed on of the same call. */
export function stemming(attempt: Attempt): Attempt {
  const branch = /branch=([^;\r]+)/.exec(attempt.sent)?.[1] ?? attempt.sent;
  const isIts = ({ text }: WireMessage): boolean => text.includes(branch);
  return {
    ...attempt,
    delivered: attempt.delivered?.filter(isIts),
    passedOn: attempt.passedOn?.filter(isIts),
  };
}

/** It was answered with one of these statuses (rules hard.dialog.revived, sip.challenge, sip.hops, sip.tcp). */
export function answeredWith(attempt: Attempt, ...statuses: readonly number[]): Match {
  const final = finalOf(attempt);
  return statuses.includes(final?.status ?? 0)
    ? matched
    : mismatch(statuses.map(String), shown(final), WHERE);
}

/** It was answered with 483, or with 200 and this reason phrase (rule sip.hops). */
export function stoppedOrKeptAlive(attempt: Attempt, reason: string): Match {
  const came = shown(finalOf(attempt));
  const isFine = came === `200 ${reason}` || finalOf(attempt)?.status === 483;
  return isFine ? matched : mismatch(`483, or 200 ${reason}`, came, WHERE);
}

/** Nothing of the call was sent there (rule hard.dialog.token). */
export function nothingAt(call: PassedOn, { address, port }: Endpoint): Match {
  const astray = sentOn(call).find(({ destination: to }) => to.address === address && to.port === port);
  return astray
    ? mismatch(`nothing is sent to ${address}:${port}`, `"${astray.startLine}" was`, 'the wire')
    : matched;
}

/** The challenge to the BYE came back to who sent it (rule hard.dialog.challenged-bye). */
export function challengedBye(answer: WireMessage | undefined, status: number): Match {
  return answer?.status === status ? matched : mismatch(`${status} to the BYE`, shown(answer), 'the wire');
}

/**
 * These requests of the call reached the called side; an INVITE counts if it has a To tag. Matches too where no stand-in
 * of ours is there.
 * Rule: sip.disabled.established.
 */
export function reachedCalledSide({ delivered }: PassedOn, methods: readonly string[]): Match {
  if (delivered === undefined) return matched;
  const came = new Set(
    delivered.filter((message) => /;tag=/.test(message.header('To') ?? '')).map(({ method }) => method),
  );
  const missing = methods.filter((method) => !came.has(method));
  return missing.length === 0
    ? matched
    : mismatch(`${methods.join(', ')} reach the called side`, `${missing.join(', ')} did not`, 'the wire');
}

/** A request of one side reached the other (rule hard.restart). */
export function reachedOtherSide(request: WireMessage | undefined, what: string): Match {
  return request ? matched : mismatch(`the ${what} reaches the other side`, 'it did not', 'the wire');
}

/** A request that only pretends to be of a call reached neither side (rule hard.restart). */
export function reachedNobody(request: WireMessage | undefined, what: string): Match {
  return request ? mismatch(`the ${what} goes nowhere`, 'it was passed on', 'the wire') : matched;
}

/** This request of the called side reached the caller (rule sip.disabled.established). */
export function reachedCaller(request: WireMessage | undefined, method: string): Match {
  return request
    ? matched
    : mismatch(`the called side's ${method} reaches the caller`, 'it never came', 'the wire');
}

/**
 * None of the requests carries credentials.
 * Rule: hard.digest.leak.
 */
export function withoutCredentials(requests: readonly WireMessage[]): Match {
  for (const request of requests) {
    const name = ['Proxy-Authorization', 'Authorization'].find((one) => request.header(one) !== undefined);
    if (name !== undefined)
      return mismatch(
        'no credentials in any request to the caller',
        `${name}: ${request.header(name)}`,
        `the ${request.method} sent to the caller`,
      );
  }
  return matched;
}

/** The answer is 200 (rules hard.dialog.hijack, hard.dialog.challenged-bye, sip.disabled.established). */
export function succeeded(answer: WireMessage | undefined, to: string): Match {
  return answer?.status === 200 ? matched : mismatch(`200 to ${to}`, shown(answer), 'the wire');
}
