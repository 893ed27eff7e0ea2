import { Then, When, type DataTable } from '@cucumber/cucumber';

import { must, ofEach } from '../../harness/expect/match.ts';
import { oneToTag } from '../../harness/expect/to_tags.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { disguised, routes } from './disguises.ts';
import { inviteLines, knockLines, nonceFor, octetsIn, uriOf } from './knock.ts';

const FAR = 60_000;

type Change = (lines: RawLines) => Partial<RawLines>;

function beside(...more: readonly string[]): Change {
  return ({ others }) => ({ others: [...others, ...more] });
}

function times(count: number, line: (index: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}

function tagged(value: string): Change {
  return ({ from }) => ({ from: from.replace(/;tag=.*/, value) });
}

function inOthers(name: string, value: string): Change {
  return ({ others }) => ({
    others: others.map((line) => (line.startsWith(`${name}:`) ? `${name}: ${value}` : line)),
  });
}

const VIA = 'SIP/2.0/UDP 198.51.100.99:5060;branch=z9hG4bK';

/** Fields that no client would send, by the names a feature gives them. */
const FORMS: Readonly<Record<string, Change>> = {
  'a From tag of 255 octets': tagged(`;tag=${'a'.repeat(255)}`),
  'a From tag of 60,000 octets': tagged(`;tag=${'a'.repeat(FAR)}`),
  'a To tag of 255 octets': ({ to }) => ({ to: `${to};tag=${'a'.repeat(255)}` }),
  'an empty From tag': tagged(';tag='),
  'an empty To tag': ({ to }) => ({ to: `${to};tag=` }),
  'no From tag': tagged(''),
  'two From tags': ({ from }) => ({ from: `${from};tag=b` }),
  'two To': ({ to }) => ({ to: `${to}\r\n${to}` }),
  'two To, the second with a tag': ({ to }) => ({ to: `${to}\r\n${to};tag=a` }),
  'two To, the second with an empty tag': ({ to }) => ({ to: `${to}\r\n${to};tag=` }),
  'two From': ({ from }) => ({ from: `${from}\r\n${from}` }),
  'two Call-ID': ({ callId }) => ({ callId: `${callId}\r\n${callId}` }),
  'two CSeq': ({ cseq }) => ({ cseq: `${cseq}\r\n${cseq}` }),
  'two Max-Forwards': beside('Max-Forwards: 70'),
  'an empty To': () => ({ to: 'To:' }),
  'an empty From': () => ({ from: 'From:' }),
  'an empty Contact': inOthers('Contact', ''),
  'an empty CSeq': () => ({ cseq: 'CSeq:' }),
  'an empty Max-Forwards': inOthers('Max-Forwards', ''),
  'a Request-URI of 60,000 octets': ({ uri }) => ({ uri: uri.replace('@', `${'a'.repeat(FAR)}@`) }),
  'a Request-URI with 5,000 parameters': ({ uri }) => ({
    uri: uri + times(5_000, (index) => `;p${index}`).join(''),
  }),
  'a host of 60,000 octets': ({ uri }) => ({ uri: uri.replace(/@.*/, `@${'a'.repeat(FAR)}`) }),
  '300 header fields': beside(...times(300, (index) => `Unknown-${index}: a`)),
  '5,000 header fields': beside(...times(5_000, () => 'Unknown: a')),
  'a header value of 60,000 octets': beside(`Unknown: ${'a'.repeat(FAR)}`),
  'a header name of 60,000 octets': beside(`${'a'.repeat(FAR)}: a`),
  'a header folded 10,000 times': beside(`Unknown:${'\r\n a'.repeat(10_000)}`),
  'a Call-ID of 60,000 octets': ({ callId }) => ({ callId: callId.replace(': ', `: ${'a'.repeat(FAR)}`) }),
  'a method of 60,000 octets': () => ({ method: 'A'.repeat(FAR) }),
  'a branch of 60,000 octets': ({ via }) => ({ via: via.replace('branch=z9hG4bK', `$&${'a'.repeat(FAR)}`) }),
  'a display name of 60,000 octets': ({ from }) => ({ from: from.replace('<', `"${'a'.repeat(FAR)}" <`) }),
  'a display name of 30,000 quoted pairs': ({ from }) => ({
    from: from.replace('<', () => `"${'\\a'.repeat(FAR / 2)}" <`),
  }),
  '1,000 Via': ({ via }) => ({ via: [via, ...times(1_000, (index) => `Via: ${VIA}${index}`)].join('\r\n') }),
  '1,000 Via values in one line': ({ via }) => ({
    via: [via, ...times(1_000, (index) => `${VIA}${index}`)].join(','),
  }),
  '1,000 Route': beside(...times(1_000, (index) => `Route: <sip:hop${index}.example;lr>`)),
  '1,000 Route values in one line': beside(
    `Route: ${times(1_000, (index) => `<sip:hop${index}.example;lr>`).join(',')}`,
  ),
  '1,000 Record-Route': beside(...times(1_000, (index) => `Record-Route: <sip:hop${index}.example;lr>`)),
  '1,000 Contact': beside(...times(1_000, (index) => `Contact: <sip:a@hop${index}.example>`)),
  '500 Proxy-Authorization': beside(
    ...times(500, (index) => `Proxy-Authorization: Digest username="${index}", realm="elsewhere.example"`),
  ),
  'credentials of 60,000 octets': beside(`Proxy-Authorization: Digest username="${'a'.repeat(FAR)}"`),
  'credentials with 5,000 parameters': beside(
    `Proxy-Authorization: Digest ${times(5_000, (index) => `p${index}=1`).join(',')}`,
  ),
  'a CSeq of 60,000 digits': ({ cseq }) => ({ cseq: cseq.replace('1', '1'.repeat(FAR)) }),
  'a Max-Forwards of 60,000 digits': inOthers('Max-Forwards', '7'.repeat(FAR)),
  'a Content-Length of 60,000 digits': () => ({ contentLength: `Content-Length: ${'0'.repeat(FAR)}` }),
  '60,000 opening brackets': ({ to }) => ({ to: to.replace('<', '<'.repeat(FAR)) }),
  '60,000 quotes': ({ to }) => ({ to: to.replace('<', `${'"'.repeat(FAR)}<`) }),
};

/** Rules: hard.message.long-fields, hard.dialog.invented-tag. */
When('INVITEs come without credentials, with', async function (this: ConformanceWorld, table: DataTable) {
  const caller = await this.rawCaller();
  const invites = table.hashes().map(({ form = '', to, route }) => {
    const lines = inviteLines(this, caller);
    if (to !== undefined) {
      const others = [...lines.others, ...routes(this, route ?? '')];
      return [`${to}, ${route}`, { ...disguised(lines, to), others }] as const;
    }
    const change = FORMS[form];
    if (!change) throw new HarnessError(`no form is called "${form}"`);
    return [form, { ...lines, ...change(lines) }] as const;
  });
  await this.attempt(caller, Object.fromEntries(invites), { isAnswerOwed: false });
});

/** Rule: hard.message.bad-via. */
When(
  /^INVITEs come without credentials, with these lines (in the place of|above|below) Via$/,
  async function (this: ConformanceWorld, place: string, table: DataTable) {
    const caller = await this.rawCaller();
    const { address, port } = caller.local;
    const invites = table.raw().map(([row = '']) => {
      const lines = inviteLines(this, caller);
      const branch = `z9hG4bK${this.randomness.hex(12)}`;
      const odd = octetsIn(row).replaceAll('ME', `${address}:${port}`).replaceAll('BRANCH', branch);
      const order =
        { 'in the place of': [odd], above: [odd, lines.via], below: [lines.via, odd] }[place] ?? [];
      return [row, { ...lines, via: order.join('\r\n') }] as const;
    });
    await this.attempt(caller, Object.fromEntries(invites), { isAnswerOwed: false });
  },
);

/** The lines of a request that a feature changes, by the name of their header. */
const CHANGED: Readonly<Record<string, keyof Pick<RawLines, 'callId' | 'from' | 'to' | 'cseq'>>> = {
  'Call-ID': 'callId',
  From: 'from',
  To: 'to',
  CSeq: 'cseq',
};

/** The request with that header line changed, or with a further one. `VALUE` stands for the value that it had. */
function changedLine(lines: RawLines, name: string, change: string): RawLines {
  const key = CHANGED[name];
  const other = lines.others.find((one) => one.startsWith(`${name}: `));
  const had = (key ? lines[key] : (other ?? '')).slice(`${name}: `.length);
  const value = octetsIn(change).replace('VALUE', () => had);
  const line = `${name}: ${value}`;
  if (key === undefined) return { ...lines, others: [...lines.others.filter((one) => one !== other), line] };
  const callIds = key === 'callId' ? [value] : lines.callIds;
  return { ...lines, [key]: line, callIds };
}

/** Rules: hard.message.ambiguous, sip.identity.to. */
When(
  'INVITEs come with the right password, and with these changes',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const { line = '', change = '' } of table.hashes()) {
      const nonce = await nonceFor(this, caller, 'unseen');
      const lines = knockLines(this, caller, { nonce, count: 1 });
      invites[`${line}: ${change}`] = changedLine(lines, line, change);
    }
    await this.attempt(caller, invites, { isAnswerOwed: false });
  },
);

/** Rule: hard.message.to-tag. */
When(
  'requests come with these parameters after To',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const uri = uriOf(this);
    const requests = table
      .raw()
      .map(([method = '', parameters = '']) => [
        `${method} with To: <…>${parameters}`,
        caller.lines({ method, uri, to: `<${uri}>${parameters}` }),
      ]);
    await this.attempt(caller, Object.fromEntries(requests));
  },
);

Then('each answer has one To tag, that of its request if it had one', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, oneToTag));
});
