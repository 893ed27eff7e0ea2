import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { finalOf, shown, WHERE } from './attempts.ts';
import { matched, mismatch, type Match } from './match.ts';

/** What was sent to the voice platform: its address is where the first message went. */
function toCalledSide({ delivered = [] }: Pick<Attempt, 'delivered'>): readonly WireMessage[] {
  const [first] = delivered;
  return delivered.filter(
    ({ destination: to }) => to.address === first?.destination.address && to.port === first.destination.port,
  );
}

/**
 * The INVITE that always came back was refused as a loop in the end, and until then the service had sent it on at most
 * so many times; repetitions count once.
 * Rule: hard.loop.amplification.
 */
export function loopEnded(attempt: Attempt, most: number): Match {
  const wish = `482 or 483, and at most ${most} INVITEs sent on`;
  const onward = (attempt.passedOn ?? toCalledSide(attempt)).filter(({ method }) => method === 'INVITE');
  const times = new Set(onward.map(({ text }) => text)).size;
  const final = finalOf(attempt);
  const isLoop = final?.status === 482 || final?.status === 483;
  return isLoop && times <= most ? matched : mismatch(wish, `${shown(final)}, and ${times} INVITEs`, WHERE);
}

/** An INVITE that a proxy of the called side has sent back, by what is special about it, and the final answer. */
export interface SentBack {
  readonly name: string;
  readonly answer: WireMessage | undefined;
}

/**
 * An INVITE that has come back, on whatever way, is refused as a loop.
 * Rule: sip.loop.
 */
export function refusedAsLoop({ answer }: SentBack): Match {
  return answer?.status === 482 ? matched : mismatch('482 Loop Detected', shown(answer), WHERE);
}

/**
 * An INVITE that has come back with another Route, which leads elsewhere, is not answered as a loop.
 * Rule: sip.loop.
 */
export function noLoop({ answer }: SentBack): Match {
  return answer?.status === 482 ? mismatch('any answer but 482', shown(answer), WHERE) : matched;
}

/**
 * Nothing of what came back to the service was answered as a loop.
 * Rule: sip.loop.
 */
export function spiralTolerated(attempt: Attempt): Match {
  const loop = toCalledSide(attempt).find(({ status }) => status === 482);
  return loop ? mismatch('any answer but 482', shown(loop), WHERE) : matched;
}
