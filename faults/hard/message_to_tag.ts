import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The value of To in an answer to the caller, changed. */
function toOtherwise(change: (value: string) => string): ReturnType<typeof wire> {
  return wire({
    sent: (text, { side }) =>
      side === 'caller' && /^SIP\/2\.0 [2-6]/.test(text)
        ? text.replace(/^(To:)([^\r]*)/m, (_line, name: string, value: string) => name + change(value))
        : text,
  });
}

export default faultsOf('hard.message.to-tag', [
  {
    id: 'second-to-tag',
    sentence: 'To gets a tag where it has one, if a bracket in quotes stands behind it.',
    override: toOtherwise((value) => (/;tag=[^"]*"[^"]*>[^"]*"$/.test(value) ? `${value};tag=again` : value)),
  },
  {
    id: 'quoted-to-tag-counts',
    sentence: 'To gets no tag if a quoted parameter says ";tag=".',
    override: toOtherwise((value) => value.replace(/(;x="[^"]*;tag=a");tag=[0-9a-f]+$/, '$1')),
  },
  {
    id: 'to-tag-replaced',
    sentence: 'An answer has a To tag of the service where its request had another.',
    collateral: { 'sip.dialog.in-route': 'the answers in a dialog have another tag than the dialog' },
    override: toOtherwise((value) => value.replace(/;tag=t(?=;|$)/, ';tag=another')),
  },
]);
