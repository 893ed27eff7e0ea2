import type { DecisionReason } from '../../impl/edge/decision.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import type { Parts } from '../../impl/system.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.methods.unauthenticated', [
  {
    id: 'invite-in-other-case-delivered',
    sentence: 'A method that is INVITE in other case is delivered without a question.',
    override: delivered('method-not-allowed', ({ method }) => method.toUpperCase() === 'INVITE'),
  },
  {
    id: 'pretended-in-dialog-request-delivered',
    sentence: 'INFO and REFER with a To tag are delivered, whether or not there is a call they belong to.',
    override: delivered('no-such-dialog', ({ method }) => ['INFO', 'REFER'].includes(method)),
  },
  {
    id: 'prack-and-update-answered-200',
    sentence: 'PRACK and UPDATE are answered with 200 outside any dialog.',
    override: wire({
      sent: (text) =>
        /^CSeq: \d+ (PRACK|UPDATE)\r$/m.test(text)
          ? text.replace(/^SIP\/2\.0 405 .*/, 'SIP/2.0 200 OK')
          : text,
    }),
  },
]);

/** The edge that delivers what it would refuse for this reason, if `isMeant` says so. */
function delivered(reason: DecisionReason, isMeant: (request: SipRequest) => boolean): Partial<Parts> {
  return decidedOtherwise((decision, { request }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    return decision.reason === reason && application !== undefined && isMeant(request)
      ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
      : decision;
  });
}
