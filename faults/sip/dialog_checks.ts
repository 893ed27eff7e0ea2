import { decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.dialog.checks', [
  {
    id: 'proxy-require-unchecked-in-dialog',
    sentence: 'A request in a dialog is passed on whatever its Proxy-Require asks for.',
    override: decidedOtherwise((decision, { inDialog }) =>
      decision.reason === 'extension-required' && inDialog
        ? { action: 'relay', reason: 'in-dialog' }
        : decision,
    ),
  },
  {
    id: 'unsupported-lists-one',
    sentence: 'Unsupported lists only the first option that Proxy-Require asks for.',
    override: wire({
      sent: (text) =>
        text.startsWith('SIP/2.0 420 ') ? text.replace(/^(Unsupported:[^,\r]*),[^\r]*/m, '$1') : text,
    }),
  },
  {
    id: 'unheard-of-scheme-passed',
    sentence: 'A Request-URI with a scheme that nobody knows is taken for a SIP URI.',
    override: wire({ received: (text) => text.replace(/^(\w+) unheardof:/, '$1 sip:') }),
  },
]);
