import type { Endpoint } from '../../../harness/capture/endpoint.ts';
import { joined, NOTHING, type Cargo, type Field, type Realm } from '../../../harness/model/cargo.ts';
import type { DeliveryRow } from '../../../harness/model/delivery_rows.ts';
import type { Randomness } from '../../../harness/randomness.ts';
import type { CalledSide } from '../../../harness/traffic/called_side.ts';
import { Conversation } from '../../../harness/traffic/forwarding/conversation.ts';
import { PLAIN, written, type Letter } from '../../../harness/traffic/forwarding/letter.ts';
import { Party, type DialogState, type Voice } from '../../../harness/traffic/forwarding/party.ts';
import type { StandIn } from '../../../harness/traffic/forwarding/stand_in.ts';
import type { Exchanger } from '../decision/nonces.ts';

const FOREIGN =
  'Digest username="caller", realm="another-realm.example", nonce="n", uri="sip:a@b", response="0"';

/** A caller that can also be heard. */
export type TableCaller = Exchanger & Pick<Voice, 'until'> & { readonly send: (text: string) => void };

/** What all calls of one caller have in common. */
export interface Setting {
  readonly caller: TableCaller;
  readonly called: CalledSide;
  readonly standIn: StandIn;
  /** The URI that is called. */
  readonly uri: string;
  readonly realm: string;
  readonly randomness: Randomness;
}

/**
 * The call of which these rows are messages.
 *
 * @param own credentials for the realm of the service
 */
export function conversation(setting: Setting, rows: readonly DeliveryRow[], own: string): Conversation {
  const { caller, called, standIn, realm, randomness } = setting;
  const { cargo = NOTHING, transport = 'UDP', course } = rows[0] ?? {};
  const parts = { cargo, randomness };
  const credentialsFor = (of: Realm): string => (of === 'own' ? own : FOREIGN);
  const speaking = new Party({ ...parts, side: 'caller', transport, voice: voiceOf(caller), credentialsFor });
  const hearing = { side: 'platform', transport: 'UDP', voice: calledVoice(called) } as const;
  const state = stateOf(setting, transport);
  const proxies = proxiesOf(setting, transport);
  const more: readonly Field[] = [
    ...(cargo.credentials?.includes('own') ? [] : [['Proxy-Authorization', own] as const]),
    ...(cargo.isRouteShared ? proxies.caller.map((value): Field => ['Record-Route', value]) : []),
    ['Subject', course === 'refused' ? 'refuse as told' : `as told ${called.local.port}`],
  ];
  const body = told(rows, cargo.isRouteShared ? proxies.platform : []);
  return new Conversation({
    rows,
    caller: speaking,
    called: new Party({ ...parts, ...hearing, credentialsFor: undefined }),
    standIn,
    invite: (company) => ({ ...speaking.request('INVITE', 1, state, company, more), body }),
    state,
    facts: {
      callId: state.callId,
      ends: { caller: caller.local, platform: called.local },
      realm,
      proxies: [...proxies.caller, ...proxies.platform],
    },
  });
}

function voiceOf(caller: TableCaller): Voice {
  return {
    local: caller.local,
    send: (text) => caller.send(text),
    until: (isIt) => caller.until(isIt),
  };
}

function calledVoice(called: CalledSide): Voice {
  return {
    local: called.local,
    send(text: string, to: Endpoint | undefined) {
      if (to) called.send(text, to);
    },
    until: (isIt) => called.until(isIt),
  };
}

function over(transport: DeliveryRow['transport']): string {
  return transport === 'TCP' ? ';transport=tcp' : '';
}

function stateOf({ caller, uri, randomness }: Setting, transport: DeliveryRow['transport']): DialogState {
  const { address, port } = caller.local;
  return {
    callId: `${randomness.uuid()}@${address}`,
    from: `"A, \\"Caller\\" %41" <sip:c%61ller;x=1@caller.example;y=%42>;tag=${randomness.hex(8)}`,
    to: `"Called" <${uri}>`,
    target: uri,
    contact: `<sip:c%61ller@${address}:${port}${over(transport)};x=%42>`,
    routes: [],
  };
}

/** Proxies beside the service, in the order in which each side records them: one that we play, one that is not there. */
function proxiesOf(
  { caller, called }: Setting,
  transport: DeliveryRow['transport'],
): Readonly<Record<'caller' | 'platform', readonly string[]>> {
  return {
    caller: [
      `<sip:near%41@${caller.local.address}:${caller.local.port}${over(transport)};lr>`,
      '"A, far" <sip:far.caller.example;lr;x=1>;y="2,3"',
    ],
    platform: [
      '<sip:far.platform.example;lr>;y="2,3"',
      `<sip:near%41@${called.local.address}:${called.local.port};lr>`,
    ],
  };
}

/** The body of an INVITE, which tells the stand-in of the voice platform what its answers carry. */
function told(rows: readonly DeliveryRow[], recorded: readonly string[]): Letter['body'] {
  const row = rows.find(({ message }) => !message.isInDialog && message.status !== undefined);
  const { fields = [], body, isLengthUnsaid }: Cargo = row ? joined(row.cargo, row.company) : NOTHING;
  const first = recorded.length === 0 ? 'Server: told' : `Record-Route: ${recorded.join(', ')}`;
  const rest = written({ startLine: '', fields, body, isLengthUnsaid }, row ?? PLAIN).replace('\r\n', '');
  return { type: 'application/octet-stream', octets: `${first}|${rest}` };
}
