import { forwardedRequest, forwardedResponse } from '../../impl/sip/serialiser.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { headOf } from '../head_lines.ts';
import { wire } from '../wire.ts';

/** Its body with NUL cut off, as a service that takes it for a text would have it; the length stays as it was. */
function cutAtNul(packet: Buffer): Buffer {
  const text = packet.toString('latin1');
  const head = headOf(text);
  return Buffer.from(
    head + text.slice(head.length).replace(/\0[^]*/, (rest) => ' '.repeat(rest.length)),
    'latin1',
  );
}

export default faultsOf('sip.message.forms', [
  {
    id: 'body-cut-at-nul',
    sentence: 'Of a body with NUL only what stands before it is passed on.',
    override: edgeWith({
      forwardedRequest: (...how) => cutAtNul(forwardedRequest(...how)),
      forwardedResponse: (...how) => cutAtNul(forwardedResponse(...how)),
    }),
  },
  {
    id: 'reason-phrase-replaced',
    sentence: 'The reason phrase of a response becomes the one of the standard.',
    override: wire({
      sent: (text, { side }) =>
        side === 'platform' ? text : text.replace(/^(SIP\/2\.0 200) [^\r]*/, '$1 OK'),
    }),
  },
]);
