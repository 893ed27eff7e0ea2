import type { Decision } from '../../impl/edge/decision.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';

/** By Call-ID, why a call was let in. */
const letIn = new Map<string, Decision>();

export default faultsOf('sip.dialog.auth', [
  {
    id: 'to-tag-opens',
    sentence: 'An INVITE with any To tag counts as one of a call that was let in, and is delivered.',
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      return decision.reason === 'no-such-dialog' && request.method === 'INVITE' && application !== undefined
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'live-call-opens',
    sentence: 'An INVITE with any To tag is delivered if its Call-ID is that of a call that was let in.',
    collateral: { 'hard.dialog.hijack': 'one of its INVITEs has a guessed To tag' },
    override: decidedOtherwise((decision, { request }) => {
      if (decision.action === 'deliver') letIn.set(request.callId, decision);
      const isGuessed = decision.reason === 'no-such-dialog' && request.method === 'INVITE';
      return (isGuessed ? letIn.get(request.callId) : undefined) ?? decision;
    }),
  },
]);
