import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'challenge-in-www-authenticate',
  rule: 'sip.challenge',
  sentence: 'A 407 carries WWW-Authenticate instead of Proxy-Authenticate.',
  collateral: {
    'app.enable.layered': 'it looks at a challenge',
    'sip.auth.foreign-realm': 'it looks at a challenge',
    'sip.auth.forged-nonce': 'it looks at a challenge',
    'sip.auth.nonce-replay': 'it looks at a challenge',
    'sip.auth.stale-nonce': 'it looks at a challenge',
    'sip.challenge.fresh-nonce': 'it looks at challenges',
    'sip.challenge.qop': 'it looks at a challenge',
    'sip.refusal.www-authenticate': 'it looks at a challenge that Authorization is answered with',
    'sip.transaction.retransmit': 'it answers a challenge that it has read',
  },
  override: edgeWith({
    answers: {
      ...ANSWERS,
      challengeAnswer(source, stale, toTag) {
        const answer = ANSWERS.challengeAnswer(source, stale, toTag);
        return { ...answer, headers: answer.headers?.map(([, value]) => ['WWW-Authenticate', value]) ?? [] };
      },
    },
  }),
} satisfies Fault;
