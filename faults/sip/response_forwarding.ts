import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The service that sends callers another start line of an answer. */
function withStartLine(change: (line: string) => string): ReturnType<typeof wire> {
  return wire({
    sent: (text, { side }) =>
      side === 'platform' || !text.startsWith('SIP/2.0 ') ? text : text.replace(/^[^\r]*/, change),
  });
}

function transactionOf(text: string): string {
  const [, callId = ''] = /^Call-ID: *([^\r]*)/im.exec(text) ?? [];
  const [, number = ''] = /^CSeq: *(\d+)/im.exec(text) ?? [];
  return `${callId} ${number}`;
}

/** Where a caller has given up, it is told so, whatever the called side says. */
function cancelledForGood(): ReturnType<typeof wire> {
  const cancelled = new Set<string>();
  return wire({
    received(text, { side }) {
      if (side === 'caller' && text.startsWith('CANCEL ')) cancelled.add(transactionOf(text));
      return text;
    },
    sent: (text, { side }) =>
      side === 'caller' && /^CSeq:[^\r]*INVITE/im.test(text) && cancelled.has(transactionOf(text))
        ? text.replace(/^SIP\/2\.0 200 [^\r]*/, 'SIP/2.0 487 Request Terminated')
        : text,
  });
}

export default faultsOf('sip.response.forwarding', [
  {
    id: 'crossing-200-swallowed',
    sentence: 'A 200 that crosses the CANCEL goes on as 487.',
    override: cancelledForGood(),
  },
  {
    id: 'unheard-of-status-rounded',
    sentence: 'A 6xx answer that RFC 3261 does not know goes on as 600.',
    override: withStartLine((line) => line.replace(/ 6(0[789]|[1-9]\d) /, ' 600 ')),
  },
  {
    id: 'phrase-in-ascii',
    sentence: 'A phrase goes on without the octets that are no ASCII.',
    override: withStartLine((line) => line.replaceAll(/[^ -~]/g, '')),
  },
]);
