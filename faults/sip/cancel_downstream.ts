import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The service whose CANCEL to the called side is another one. */
function withCancel(change: (text: string) => string): ReturnType<typeof wire> {
  return wire({
    sent: (text, { side }) => (side === 'platform' && text.startsWith('CANCEL ') ? change(text) : text),
  });
}

export default faultsOf('sip.cancel.downstream', [
  {
    id: 'cancel-waits-for-ringing',
    sentence: 'The called side gets no CANCEL as long as it has answered with nothing but a 100.',
    override: wire({
      received: (text, { side }) =>
        side === 'platform' && text.startsWith('SIP/2.0 100 ') ? undefined : text,
    }),
  },
  {
    id: 'cancel-without-route',
    sentence: 'The CANCEL that the called side gets has no Route.',
    override: withCancel((text) => text.replaceAll(/^Route:[^\r]*\r\n/gm, '')),
  },
  {
    id: 'cancel-to-another-uri',
    sentence: 'The CANCEL that the called side gets has a parameter more in its Request-URI.',
    collateral: { 'sip.cancel': 'a CANCEL with another Request-URI cancels nothing' },
    override: withCancel((text) => text.replace(' SIP/2.0', ';cancelled SIP/2.0')),
  },
  {
    id: 'cancel-with-two-vias',
    sentence: 'The CANCEL that the called side gets has the Via of the caller too.',
    override: withCancel((text) =>
      text.replace(/^Via: [^\r]*\r\n/m, '$&Via: SIP/2.0/UDP caller.example;branch=z9hG4bKcaller\r\n'),
    ),
  },
]);
