import { ANSWERS } from '../../impl/edge/answer.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const HEARD_OF = [
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
];

export default faultsOf('sip.methods', [
  {
    id: 'message-accepted',
    sentence: 'MESSAGE and SUBSCRIBE are answered with 202, and nothing comes of them.',
    collateral: { 'hard.methods.unauthenticated': 'it sends both without credentials' },
    override: wire({
      sent: (text) =>
        /^CSeq: \d+ (MESSAGE|SUBSCRIBE)\r$/m.test(text)
          ? text.replace(/^SIP\/2\.0 405 .*/, 'SIP/2.0 202 Accepted')
          : text,
    }),
  },
  {
    id: 'not-allowed-without-allow',
    sentence: 'A 405 does not say which methods are allowed.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        refusalAnswer(status, request, source, toTag) {
          const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
          return status === 405 ? { ...answer, headers: [] } : answer;
        },
      },
    }),
  },
  {
    id: 'register-accepted',
    sentence: 'REGISTER is answered with 200, as if there were a registrar.',
    collateral: { 'sip.malformed': 'several of its messages are REGISTER' },
    override: wire({
      sent: (text) =>
        /^CSeq:\s*\d+\s+REGISTER\r$/im.test(text)
          ? text.replace(/^SIP\/2\.0 405 .*/, 'SIP/2.0 200 OK')
          : text,
    }),
  },
  {
    id: 'unheard-of-method-passed-on',
    sentence: 'A request of a method that the service has never heard of is passed on without a question.',
    collateral: { 'hard.methods.unauthenticated': 'it sends such methods without credentials' },
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isUnheardOf = decision.reason === 'method-not-allowed' && !HEARD_OF.includes(request.method);
      return isUnheardOf && application !== undefined
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'allow-empty',
    sentence: 'A 405 lists no method.',
    override: wire({
      sent: (text) => (text.startsWith('SIP/2.0 405 ') ? text.replace(/^Allow:.*\r$/im, 'Allow:\r') : text),
    }),
  },
  {
    id: 'register-in-no-dialog',
    sentence: 'REGISTER with a To tag is answered with 481.',
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'method-not-allowed' &&
      request.method === 'REGISTER' &&
      request.to.tag !== undefined
        ? { action: 'refuse', status: 481, reason: 'no-such-dialog' }
        : decision,
    ),
  },
]);
