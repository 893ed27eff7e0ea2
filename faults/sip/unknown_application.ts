import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import type { ResponseContent } from '../../impl/sip/serialiser.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.unknown-application', [
  {
    id: 'unknown-application-404',
    sentence: 'A call to an application that does not exist is refused with 404.',
    override: refusalsOfUnknown((refusal, isUnknown) =>
      isUnknown ? { ...refusal, status: 404, reasonPhrase: 'Not Found', headers: [] } : refusal,
    ),
  },
  {
    id: 'unknown-application-in-the-reason',
    sentence: 'The 401 for an application that does not exist says so in its reason phrase.',
    override: refusalsOfUnknown((refusal, isUnknown) =>
      isUnknown ? { ...refusal, reasonPhrase: 'Unknown Application' } : refusal,
    ),
  },
  {
    id: 'unknown-application-without-to-tag',
    sentence:
      'The 401 for an application that does not exist has no To tag; the one for a disabled application has.',
    override: refusalsOfUnknown(({ toTag, ...refusal }, isUnknown) =>
      isUnknown || toTag === undefined ? refusal : { ...refusal, toTag },
    ),
  },
]);

/** The edge whose refusals are what `answerOf` returns; `isUnknown` if the application does not exist. */
function refusalsOfUnknown(
  answerOf: (refusal: ResponseContent, isUnknown: boolean) => ResponseContent,
): Partial<Parts> {
  /** Call-IDs of calls to applications that do not exist. */
  const unknown = new Set<string>();
  return edgeWith({
    decide(arrival, view, now) {
      const { callId } = arrival.request;
      const decision = decide(arrival, view, now);
      const exists = arrival.records.requestUri.application !== undefined;
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
