import { drawLadder } from 'sipp-ts-wrapper';
import type { WireMessage } from '../capture/sip_messages.ts';
import type { HttpJournal } from '../clients/http.ts';
import type { Call } from '../traffic/call.ts';
import type { Workbench } from './workbench.ts';

/** More of a call, where it goes round in circles, helps nobody to follow it, and no browser to show it. */
const MOST_MESSAGES = 500;

type Attach = (data: string | Buffer, options: { mediaType: string; fileName: string }) => unknown;

/** Hands everything a reader needs to follow the scenario to `attach`: ladder, messages, packets, API, command. */
export async function attachEvidence(
  journal: HttpJournal,
  calls: readonly Call[],
  bench: Workbench,
  attach: Attach,
): Promise<void> {
  const text = (fileName: string, content: string): unknown =>
    attach(content, { mediaType: 'text/plain', fileName });
  const api = journal.transcript();
  if (api !== undefined) text('API exchange.txt', api);
  for (const [index, call] of calls.entries()) {
    const name = calls.length > 1 ? `call ${index + 1}` : 'call';
    const messages = inOrder(call);
    if (messages.length > 0) {
      const shown = messages.slice(0, MOST_MESSAGES);
      const rest =
        messages.length > shown.length
          ? `\n... and ${messages.length - shown.length} messages more: run.pcap has them all\n`
          : '';
      text(`${name}, ladder.txt`, drawLadder(shown.map(ladderMessage)) + rest);
      text(`${name}, SIP messages.txt`, shown.map(messageText).join('\n\n') + rest);
    }
    text(
      `${name}, SIPp.txt`,
      [call.sipp.command.join(' '), call.sipp.reason, ...call.sipp.errors].join('\n\n'),
    );
  }
  const packets =
    calls.length > 0
      ? await bench.pcap(
          calls.map(({ callId }) => callId),
          MOST_MESSAGES,
        )
      : undefined;
  if (packets) attach(packets, { mediaType: 'application/vnd.tcpdump.pcap', fileName: 'packets.pcap' });
}

export function inOrder(call: Call): WireMessage[] {
  return [...call.messages, ...(call.delivered ?? [])].toSorted((a, b) => a.time - b.time);
}

function endpoint({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

export function ladderMessage({
  time,
  source,
  destination,
  text,
}: WireMessage): Parameters<typeof drawLadder>[0][number] {
  return { time, from: endpoint(source), to: endpoint(destination), text };
}

function messageText({ time, source, destination, text }: WireMessage): string {
  return `${new Date(time).toISOString()}  ${endpoint(source)} → ${endpoint(destination)}\n${text.trimEnd()}`;
}
