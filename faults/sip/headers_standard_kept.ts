import { usualHeaderKey } from '../../impl/sip/header_name.ts';
import { faultsOf, forwardedOtherwise } from '../fault.ts';
import { wire } from '../wire.ts';

const UNKNOWN = /^[\w-]*Unknown[\w-]*:.*\r\n/gm;

export default faultsOf('sip.headers.standard-kept', [
  {
    id: 'header-beginning-with-x-dropped',
    sentence: 'A header whose name begins with an X is taken for a vendor header, hyphen or not.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => field.key.startsWith('x') || forwarding.drops(field),
    })),
  },
  {
    id: 'one-letter-x-dropped',
    sentence: 'The compact form of Session-Expires, x, is taken for a vendor header.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => field.name.toLowerCase() === 'x' || forwarding.drops(field),
    })),
  },
  {
    id: 'unknown-header-dropped',
    sentence: 'A header whose name the service does not know is not passed on.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => usualHeaderKey(field.name) === undefined || forwarding.drops(field),
    })),
  },
  {
    id: 'unknown-headers-last',
    sentence: 'Headers whose name the service does not know are put after all others.',
    override: wire({
      sent(text, { side }) {
        if (side !== 'platform' || !text.startsWith('INVITE ')) return text;
        const unknown = text.match(UNKNOWN) ?? [];
        const rest = text.replace(UNKNOWN, '');
        const end = rest.indexOf('\r\n\r\n') + 2;
        return rest.slice(0, end) + unknown.join('') + rest.slice(end);
      },
    }),
  },
  {
    id: 'user-agent-replaced',
    sentence: "The service writes its own name into the caller's User-Agent.",
    override: wire({
      sent: (text, { side }) =>
        side === 'platform' ? text.replace(/^User-Agent:.*$/im, 'User-Agent: voice edge\r') : text,
    }),
  },
]);
