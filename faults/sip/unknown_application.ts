import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import type { ResponseContent } from '../../impl/sip/serialiser.ts';
import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf, storeWith } from '../fault.ts';

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
  {
    id: 'deleted-application-called',
    sentence: 'An application that was deleted takes calls from the sources that it listed.',
    override: storeWith(({ applications, inbound }) => {
      const known = new Map<string, InboundSettings>();
      const deleted = new Set<string>();
      return {
        applications: {
          ...applications,
          delete(accountId, applicationId, by) {
            deleted.add(applicationId);
            return applications.delete(accountId, applicationId, by);
          },
        },
        inbound: {
          find(user) {
            const settings = inbound.find(user);
            if (settings !== undefined && settings.credential === null) known.set(user, settings);
            const kept = known.get(user);
            return settings ?? (kept && deleted.has(kept.applicationId) ? kept : undefined);
          },
        },
      };
    }),
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
