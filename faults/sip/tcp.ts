import { listen } from '../../impl/sip/listener.ts';
import { because } from '../collateral.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { segmentsRead } from '../segments.ts';
import { wire } from '../wire.ts';

/** Connections with a message in this turn of the event loop; one turn reads one segment. */
const heardFrom = new Set<string>();

/** Rules whose messages come over TCP too, written in every way that a length may be written. */
const LENGTH_IN_OTHER_FORMS = because(
  'some of its messages over TCP have their length written so',
  [
    'sip.auth.foreign-realm',
    'sip.body.length',
    'sip.dialog.in-route',
    'sip.headers.credentials-consumed',
    'sip.headers.standard-kept',
    'sip.headers.vendor-stripped',
    'sip.hops.decrement',
    'sip.hops.every-method',
    'sip.message.forms',
    'sip.route.own',
    'sip.route.strict',
    'sip.rport',
    'sip.via.one',
  ],
  'sip.tcp',
);

export default faultsOf('sip.tcp', [
  {
    id: 'tcp-caller-not-reached',
    sentence: 'Requests of the called side do not reach a caller that called over TCP.',
    override: wire({
      sent: (text, { side, protocol }) =>
        side === 'caller' && protocol === 'TCP' && !text.startsWith('SIP/2.0 ') ? undefined : text,
    }),
  },
  {
    id: 'tcp-one-message-a-segment',
    sentence: 'Of several messages in one TCP segment only the first is read.',
    override: wire({
      received(text, { address, port, protocol }) {
        const connection = `${address}:${port}`;
        if (protocol !== 'TCP') return text;
        if (heardFrom.has(connection)) return undefined;
        heardFrom.add(connection);
        setImmediate(() => heardFrom.delete(connection));
        return text;
      },
    }),
  },
  {
    id: 'tcp-refused',
    sentence: 'The service takes no TCP connections.',
    override: edgeWith({
      async listen(...how) {
        const listener = await listen(...how);
        await listener.tcp.close();
        return listener;
      },
    }),
  },
  {
    id: 'tcp-line-end-cut',
    sentence: 'A line end that is cut between two TCP segments is no line end.',
    override: segmentsRead(() => {
      let end = '';
      return (segment) => {
        const isCut = end.endsWith('\r') && segment.startsWith('\n');
        end = segment;
        return isCut ? segment.slice(1) : segment;
      };
    }),
  },
  {
    id: 'tcp-content-length-cut',
    sentence: 'Of a Content-Length that is cut between two TCP segments, the first digits count.',
    override: segmentsRead(() => {
      let end = '';
      return (segment) => {
        const isCut = /\r\nContent-Length: \d+$/.test(end);
        end = segment;
        return isCut ? segment.replace(/^\d+/, '') : segment;
      };
    }),
  },
  {
    id: 'tcp-compact-length-unknown',
    sentence: 'Over TCP a message whose length has the compact name is read as one without a length.',
    collateral: {
      ...LENGTH_IN_OTHER_FORMS,
      'hard.tcp.content-length': 'one of its second lengths has the compact name',
    },
    override: segmentsRead(() => (segment) => segment.replaceAll(/\r\nl(?=[ \t]*:)/gi, '\r\nX-Length')),
  },
  {
    id: 'tcp-length-in-odd-case-unknown',
    sentence: 'Over TCP the name of the length is known in its usual case alone.',
    collateral: {
      ...LENGTH_IN_OTHER_FORMS,
      'hard.tcp.content-length': 'one of its second lengths has its name in lower case',
    },
    override: segmentsRead(
      () => (segment) =>
        segment.replaceAll(/\r\n(content-length)(?=[ \t]*:)/gi, (line, name: string) =>
          name === 'Content-Length' ? line : '\r\nX-Length',
        ),
    ),
  },
  {
    id: 'tcp-length-behind-blanks-unknown',
    sentence: 'Over TCP a length with blanks before its colon is no length.',
    collateral: LENGTH_IN_OTHER_FORMS,
    override: segmentsRead(
      () => (segment) => segment.replaceAll(/\r\n(?:content-length|l)(?=[ \t]+:)/gi, '\r\nX-Length'),
    ),
  },
  {
    id: 'tcp-begun-message-lost',
    sentence: 'What follows a whole message in its TCP segment is lost unless it is a whole message.',
    override: segmentsRead(
      () => (segment) => segment.replace(/(?<=t=0 0\r\n)INVITE (?![^]*t=0 0\r\n$)[^]*$/, ''),
    ),
  },
]);
