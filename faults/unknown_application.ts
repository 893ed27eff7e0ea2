import { ANSWERS } from '../impl/edge/answer.ts';
import { decide } from '../impl/edge/policy.ts';
import type { ResponseContent } from '../impl/sip/serialiser.ts';
import type { Parts } from '../impl/system.ts';
import { edgeWith } from './fault.ts';

/** The edge whose refusal of a call goes out as `answerOf` has it; `isUnknown` where there is no such application. */
export function refusalsOfUnknown(
  answerOf: (refusal: ResponseContent, isUnknown: boolean) => ResponseContent,
): Partial<Parts> {
  /** Call-IDs of calls to applications that do not exist. */
  const unknown = new Set<string>();
  return edgeWith({
    decide(arrival, view, now) {
      const { callId, uri } = arrival.request;
      const decision = decide(arrival, view, now);
      const exists = view.directory.find(uri.user ?? '') !== undefined;
      if (decision.reason === 'no-such-application-or-disabled' && !exists) unknown.add(callId);
      return decision;
    },
    answers: {
      ...ANSWERS,
      refusalAnswer: (status, request, source, toTag) =>
        answerOf(ANSWERS.refusalAnswer(status, request, source, toTag), unknown.delete(request.callId)),
    },
  });
}
