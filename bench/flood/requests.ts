import { strangersRequest } from '../../harness/traffic/flood.ts';
import { REALM } from '../edge/places.ts';
import { garbage } from './garbage.ts';

/** The kinds of datagrams, each with a rate of its own. */
export const DATAGRAM_KINDS = ['garbage', 'invites', 'options', 'largeOptions', 'largeInvites'] as const;
export type DatagramKind = (typeof DATAGRAM_KINDS)[number];

/** Where a request comes from. */
interface Sender {
  readonly address: string;
  readonly port: number;
}

type Writer = (number: number, user: string, local: Sender) => Buffer;

const LARGE_OPTIONS_OCTETS = 60_000;
const LARGE_INVITE_OCTETS = 40_000;
/** The edge reads bodies up to 32 KiB: what is longer is refused before it is judged. */
const LONGEST_READ_OCTETS = 30_000;

/** Datagram `number` of each kind. INVITEs call `user`; they are neither acknowledged nor sent again. */
export const DATAGRAMS: Readonly<Record<DatagramKind, Writer>> = {
  garbage: (number, user) => garbage(number, user),
  invites: (number, user, local) => written('INVITE', `i${number}`, user, local),
  options: (number, user, local) => written('OPTIONS', `o${number}`, user, local),
  largeOptions: (number, user, local) =>
    written(
      'OPTIONS',
      `lo${number}`,
      user,
      local,
      number % 4 === 0 ? LONGEST_READ_OCTETS : LARGE_OPTIONS_OCTETS,
      number,
    ),
  largeInvites: (number, user, local) =>
    written(
      'INVITE',
      `li${number}`,
      user,
      local,
      number % 4 === 0 ? LONGEST_READ_OCTETS : LARGE_INVITE_OCTETS,
      number,
    ),
};

function written(
  method: string,
  id: string,
  user: string,
  local: Sender,
  octets?: number,
  number = 0,
): Buffer {
  const padding = number % 2 === 0 ? 'body' : 'header';
  const uri = `sip:${user}@${REALM}`;
  const shape = { method, uri, id, local, padding } as const;
  return Buffer.from(strangersRequest(octets === undefined ? shape : { ...shape, octets }), 'latin1');
}

const COPIED_OCTETS = 15_000;

/** An OPTIONS over TCP whose answer is about as long: what makes it long is copied (RFC 3261 8.2.6.2). */
export function copiedRequest(number: number, local: Sender): Buffer {
  const uri = `sip:${REALM}`;
  const text = strangersRequest({ method: 'OPTIONS', uri, id: `c${number}`, local, transport: 'TCP' });
  return Buffer.from(text.replace(';rport', `;rport;x=${'y'.repeat(COPIED_OCTETS)}`), 'latin1');
}
