import { DialogTable, type Dialog } from '../../impl/edge/dialog.ts';
import { DialogRouting } from '../../impl/edge/dialog_routing.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.dialog.revived', [
  {
    id: 'repeated-200-begins-call-anew',
    sentence: 'A 200 that comes again after the BYE sets the call up once more.',
    override: edgeWith({
      DialogTable: class extends DialogTable {
        readonly #begun = new Map<string, Dialog>();

        override begun(...[response, caller, callee]: Parameters<DialogTable['begun']>) {
          const dialog = super.begun(response, caller, callee);
          if (dialog !== undefined) this.#begun.set(dialog.key, dialog);
          return dialog;
        }

        /** Forgets the dialog, and also that it has ended. */
        override end(key: string): void {
          const dialog = this.#begun.get(key);
          if (dialog === undefined) super.end(key);
          else this.forget(dialog);
        }
      },
    }),
  },
  {
    id: 'repeated-200-renews-route',
    sentence: 'A 200 that comes again after the BYE makes the Route of that call good once more.',
    override: edgeWith({
      DialogTable: class extends DialogTable {
        override begun(...[response, caller, callee]: Parameters<DialogTable['begun']>) {
          const dialog = super.begun(response, caller, callee);
          if (dialog === undefined) revived.add(response.callId);
          return dialog;
        }

        override hasEnded(request: Parameters<DialogTable['hasEnded']>[0]): boolean {
          return !revived.has(request.callId) && super.hasEnded(request);
        }
      },
      DialogRouting: class extends DialogRouting {
        constructor({ tokens, ...parts }: ConstructorParameters<typeof DialogRouting>[0]) {
          super({ ...parts, tokens: Object.assign(tokens, { isOwn: () => false }) });
        }
      },
    }),
  },
]);

/** Calls whose 200 came again after their end. */
const revived = new Set<string>();
