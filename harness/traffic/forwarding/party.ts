import type { Endpoint } from '../../capture/endpoint.ts';
import type { WireMessage } from '../../capture/sip_messages.ts';
import { joined, type Cargo, type Field, type Realm } from '../../model/cargo.ts';
import type { Side } from '../../model/delivery.ts';
import type { Randomness } from '../../randomness.ts';
import { uriIn } from '../listed_values.ts';
import type { Letter } from './letter.ts';

/** A reason phrase that no table of statuses has. */
const REASON = Buffer.from('As asked, naïvely').toString('latin1');
const ABSENT_HOST = 'sender.example';

/** What a side of a call sends and hears with. */
export interface Voice {
  readonly local: Endpoint;
  /** A caller sends everything to the service; the called side, to an address. */
  readonly send: (text: string, to: Endpoint | undefined) => void;
  readonly until: (isIt: (message: WireMessage) => boolean) => Promise<WireMessage | undefined>;
}

/** What a side of a call knows about it (RFC 3261 section 12). */
export interface DialogState {
  readonly callId: string;
  /** Values of its From and To, with the tags that are known. */
  readonly from: string;
  readonly to: string;
  /** Request-URI of its requests. */
  readonly target: string;
  readonly contact: string;
  /** Route values, in order. */
  readonly routes: readonly string[];
}

/** How a side writes its messages. */
export interface PartyParts {
  readonly side: Side;
  readonly voice: Voice;
  readonly transport: 'UDP' | 'TCP';
  readonly cargo: Cargo;
  /** The value of Proxy-Authorization for a realm; undefined where it sends none. */
  readonly credentialsFor: ((realm: Realm) => string) | undefined;
  readonly randomness: Randomness;
}

/** One side of a call: it writes messages that carry the cargo. */
export class Party {
  readonly side: Side;
  readonly voice: Voice;
  readonly transport: 'UDP' | 'TCP';
  readonly #parts: PartyParts;

  constructor(parts: PartyParts) {
    this.side = parts.side;
    this.voice = parts.voice;
    this.transport = parts.transport;
    this.#parts = parts;
  }

  /** `more`: fields that only this request has. */
  request(
    method: string,
    cseq: number,
    state: DialogState,
    company: Cargo,
    more: readonly Field[] = [],
  ): Letter {
    const { credentialsFor } = this.#parts;
    const cargo = joined(this.#parts.cargo, company);
    const credentials = credentialsFor ? (cargo.credentials ?? []).map(credentialsFor) : [];
    const { callId, from, to, contact } = state;
    const { target, routes } = cargo.isStrictlyRouted === true ? strictlyRouted(state) : state;
    return {
      startLine: `${method} ${target} SIP/2.0`,
      fields: laden(cargo, [
        ...this.#vias(cargo),
        ...(cargo.hops === 'none' ? [] : [['Max-Forwards', String(cargo.hops ?? 70)] as const]),
        ...listed('Route', routes, cargo),
        ['From', from],
        ['To', to],
        ['Call-ID', callId],
        ['CSeq', `${cseq} ${method}`],
        ...(method === 'ACK' ? [] : [['Contact', contact] as const]),
        ...more,
        ...credentials.map((value): Field => ['Proxy-Authorization', value]),
      ]),
      body: cargo.body,
      isLengthUnsaid: this.#leavesLengthOut(cargo),
    };
  }

  /** The response to a request that came. `contact`: its Contact; undefined where it has none. */
  response(request: WireMessage, status: number, contact: string | undefined, company: Cargo): Letter {
    const cargo = joined(this.#parts.cargo, company);
    const copied = ['Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
      request.all(name).map((value): Field => [name, value]),
    );
    const own: readonly Field[] = contact === undefined ? [] : [['Contact', contact]];
    return {
      startLine: `SIP/2.0 ${status} ${REASON}`,
      fields: laden(cargo, [...copied, ...own]),
      body: cargo.body,
      isLengthUnsaid: this.#leavesLengthOut(cargo),
    };
  }

  #leavesLengthOut({ isLengthUnsaid = false }: Cargo): boolean {
    return isLengthUnsaid && this.side === 'platform';
  }

  #vias(cargo: Cargo): readonly Field[] {
    const { randomness } = this.#parts;
    const { address, port } = this.voice.local;
    const host = cargo.sentBy === undefined ? address : ABSENT_HOST;
    const own = `SIP/2.0/${this.transport} ${host}:${port};branch=z9hG4bK${randomness.hex(8)};rport`;
    const [first = [], ...others] = cargo.vias ?? [];
    const lines = cargo.isViaShared ? [[own, ...first], ...others] : [[own], first, ...others];
    return lines.filter((line) => line.length > 0).map((line): Field => ['Via', line.join(', ')]);
  }
}

/** What a strict router makes of a request whose first Route is the next hop (RFC 2543 section 6.29; RFC 3261 16.12.1.2). */
function strictlyRouted({ target, routes }: DialogState): Pick<DialogState, 'target' | 'routes'> {
  const [next, ...others] = routes;
  return next === undefined
    ? { target, routes }
    : { target: uriIn(next), routes: [...others, `<${target}>`] };
}

function laden({ fields: carried = [], place }: Cargo, fields: readonly Field[]): readonly Field[] {
  if (place === 'first') return [...carried, ...fields];
  return place === 'last'
    ? [...fields, ...carried]
    : [...fields.slice(0, -1), ...carried, ...fields.slice(-1)];
}

function listed(name: string, values: readonly string[], { routes }: Cargo): readonly Field[] {
  if (values.length === 0) return [];
  return routes === 'in one line' ? [[name, values.join(', ')]] : values.map((value): Field => [name, value]);
}
