import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** Call-IDs of calls to applications that do not exist. */
const unknown = new Set<string>();

export default {
  id: 'unknown-application-404',
  rule: 'sip.unknown-application',
  sentence: 'A call to an application that does not exist is refused with 404.',
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
        return unknown.delete(request.callId)
          ? { status: 404, reasonPhrase: 'Not Found', toTag }
          : ANSWERS.refusalAnswer(status, request, source, toTag);
      },
    },
  }),
} satisfies Fault;
