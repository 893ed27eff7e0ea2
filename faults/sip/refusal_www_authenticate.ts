import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.refusal.www-authenticate', [
  {
    id: 'authorization-accepted',
    sentence:
      'Authorization is taken like Proxy-Authorization, so that a 401 can be answered like a challenge.',
    override: wire({
      received: (text, { side }) =>
        side === 'caller' && text.startsWith('INVITE ')
          ? text.replace(/^Authorization:/im, 'Proxy-Authorization:')
          : text,
    }),
  },
  {
    id: 'refusal-names-realm-for-wrong-password-only',
    sentence: 'Only the 401 to a wrong password carries WWW-Authenticate.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        refusalAnswer(status, request, source, toTag) {
          const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
          const hasPassword = request.proxyAuthorizations.length > 0;
          return status === 401 && !hasPassword ? { ...answer, headers: [] } : answer;
        },
      },
    }),
  },
  {
    id: 'refusal-with-another-realm',
    sentence: 'The realm in a 401 is not the one of the challenges.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        refusalAnswer: (status, request, source, toTag) =>
          ANSWERS.refusalAnswer(status, request, { ...source, realm: 'voice-api.example' }, toTag),
      },
    }),
  },
  {
    id: 'refusal-without-www-authenticate',
    sentence: 'A 401 carries no WWW-Authenticate.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        refusalAnswer(status, request, source, toTag) {
          const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
          return status === 401 ? { ...answer, headers: [] } : answer;
        },
      },
    }),
  },
]);
