import { DialogTable, type Dialog } from '../../impl/edge/dialog.ts';
import { decide } from '../../impl/edge/policy.ts';
import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

/** The applications that were called, by the user in the To of their calls. */
const called = new Map<string, InboundSettings>();
/** The users whose calls last, by their dialogs. */
const living = new Map<string, string>();

export default faultsOf('sip.disabled.established', [
  {
    id: 'call-refused-once-application-is-off',
    sentence: "The caller's requests of a call are refused with 403 as soon as the application is disabled.",
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.to.uri?.user ?? '');
      return decision.action === 'relay' && application?.inboundSipCallsEnabled === false
        ? { action: 'refuse', status: 403, reason: 'no-such-application-or-disabled' }
        : decision;
    }),
  },
  {
    id: 'call-unknown-once-application-is-deleted',
    sentence: "The called side's requests of a call get 481 as soon as the application is deleted.",
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const user = request.from.uri?.user ?? '';
      return decision.action === 'relay' && called.has(user) && directory.find(user) === undefined
        ? { action: 'refuse', status: 481, reason: 'no-such-dialog' }
        : noted(decision, request.to.uri?.user);
    }),
  },
  {
    id: 'call-let-in-while-another-lasts',
    sentence:
      'An application that is off or gone is called without a question as long as a former call lasts.',
    override: edgeWith({
      decide(arrival, view, now) {
        const user = arrival.request.to.uri?.user ?? '';
        const decision = noted(decide(arrival, view, now), user);
        const application = called.get(user);
        const isMeant =
          decision.reason === 'no-such-application-or-disabled' && [...living.values()].includes(user);
        return isMeant && application !== undefined
          ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
          : decision;
      },
      DialogTable: class extends DialogTable {
        override begun(...[response, caller, callee]: Parameters<DialogTable['begun']>) {
          const dialog = super.begun(response, caller, callee);
          if (dialog !== undefined) living.set(dialog.key, response.to.uri?.user ?? '');
          return dialog;
        }

        override forget(dialog: Dialog): void {
          living.delete(dialog.key);
          super.forget(dialog);
        }
      },
    }),
  },
]);

/** The decision, after it was noted which application it lets somebody call. */
function noted<D extends ReturnType<typeof decide>>(decision: D, user: string | undefined): D {
  if (decision.action === 'deliver' && user !== undefined) called.set(user, decision.application);
  return decision;
}
