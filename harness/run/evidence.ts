import { drawLadder } from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import type { HttpJournal } from '../clients/http.ts';
import type { Attempt } from '../traffic/attempt.ts';
import type { Call } from '../traffic/call.ts';
import { resultsOf, type Exchange } from '../traffic/exchange.ts';
import { evidenceOf, type OpenedWitnesses } from '../witnesses/index.ts';
import type { Evidence } from '../witnesses/witness.ts';

/** A call that loops has thousands; more than this help no reader and overload a browser. */
const MOST_MESSAGES = 500;
/** Octets of a message that was written by hand, or answered one, that a report shows. */
const MOST_OCTETS = 1_500;

/** Everything a reader needs to follow the scenario: API, ladders, messages, commands, and what the witnesses have. */
export async function scenarioEvidence(
  journal: HttpJournal,
  exchanges: readonly Exchange[],
  witnesses: OpenedWitnesses,
): Promise<Evidence[]> {
  const api = journal.transcript();
  const calls = resultsOf(exchanges, 'call');
  return [
    ...(api === undefined ? [] : [text('API exchange.txt', api)]),
    ...calls.flatMap((call, index) => callEvidence(call, calls.length > 1 ? `call ${index + 1}` : 'call')),
    ...attemptsEvidence('requests.txt', resultsOf(exchanges, 'round').flat()),
    ...attemptsEvidence('streams.txt', resultsOf(exchanges, 'streams').flat()),
    ...(await evidenceOf(witnesses, exchanges)),
  ];
}

function callEvidence(call: Call, name: string): Evidence[] {
  const { command, reason, errors } = call.sipp;
  const sipp = text(`${name}, SIPp.txt`, [command.join(' '), reason, ...errors].join('\n\n'));
  const messages = inOrder(call);
  if (messages.length === 0) return [sipp];
  const shown = messages.slice(0, MOST_MESSAGES);
  const rest =
    messages.length > shown.length
      ? `\n... and ${messages.length - shown.length} messages more: run.pcap has them all\n`
      : '';
  return [
    text(`${name}, ladder.txt`, drawLadder(shown.map(ladderMessage)) + rest),
    text(`${name}, SIP messages.txt`, shown.map(messageText).join('\n\n') + rest),
    sipp,
  ];
}

/** What was written by hand, with what came of it. */
type Sent = Pick<Attempt, 'name' | 'sent' | 'answers'> & Partial<Pick<Attempt, 'delivered'>>;

function attemptsEvidence(fileName: string, attempts: readonly Sent[]): Evidence[] {
  if (attempts.length === 0) return [];
  const told = attempts.map(({ name, sent, answers, delivered = [] }, index) => {
    const messages = [`${index + 1}  ${name}\n\n${sent}`, ...[...answers, ...delivered].map(messageText)];
    return messages.map((message) => message.slice(0, MOST_OCTETS).trimEnd()).join('\n\n');
  });
  return [text(fileName, told.join('\n\n\n'))];
}

function text(fileName: string, data: string): Evidence {
  return { fileName, mediaType: 'text/plain', data };
}

/** All messages of the call, the caller's and the voice platform's, by time. */
export function inOrder(call: Call): WireMessage[] {
  return [...call.messages, ...(call.delivered ?? [])].toSorted((a, b) => a.time - b.time);
}

function endpoint({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** The message as `drawLadder` takes it; its ends are `address:port`. */
export function ladderMessage(message: WireMessage): Parameters<typeof drawLadder>[0][number] {
  const { time, source, destination } = message;
  return { time, from: endpoint(source), to: endpoint(destination), text: message.text };
}

function messageText(message: WireMessage): string {
  const { time, source, destination } = message;
  return `${new Date(time).toISOString()}  ${endpoint(source)} → ${endpoint(destination)}\n${message.text.trimEnd()}`;
}
