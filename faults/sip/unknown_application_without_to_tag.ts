import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** Call-IDs of calls to applications that do not exist. */
const unknown = new Set<string>();

export default {
  id: 'unknown-application-without-to-tag',
  rule: 'sip.unknown-application',
  sentence: 'The 401 for an application that does not exist has no tag in To, that for one that is off has.',
  override: edgeWith({
    decide(arrival, view, now) {
      const { callId, uri } = arrival.request;
      const decision = decide(arrival, view, now);
      const isUnknown = view.directory.find(uri.user ?? '') === undefined;
      if (decision.reason === 'no-such-application-or-disabled' && isUnknown) unknown.add(callId);
      return decision;
    },
    answers: {
      ...ANSWERS,
      refusalAnswer(status, request, source, toTag) {
        const { toTag: tag, ...answer } = ANSWERS.refusalAnswer(status, request, source, toTag);
        return unknown.delete(request.callId) || tag === undefined ? answer : { ...answer, toTag: tag };
      },
    },
  }),
} satisfies Fault;
