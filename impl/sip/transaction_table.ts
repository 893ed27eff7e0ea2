/**
 * The four transaction state machines as data. Each table reads like its figure: state, event, next state, actions. An
 * event that a state does not list changes nothing.
 */

/** Timer values (RFC 3261 17.1.1.1), in milliseconds. */
export const T1 = 500;
export const T2 = 4000;
const T4 = 5000;
export const SIXTY_FOUR_T1 = 64 * T1;
/** An INVITE gets 100 within 200 ms (RFC 3261 17.2.1); this leaves time for a late timer wheel. */
export const INVITE_TRYING_AFTER = 50;
/** A request other than INVITE gets 100 when the client's timer E has grown to T2 (RFC 4320 4.1). */
export const NON_INVITE_TRYING_AFTER = T1 + 2 * T1 + 4 * T1;

/** The timers of RFC 3261 table 4 that depend on the transport, in milliseconds. B, F, H, L and M (64·T1) do not. */
export interface TransportTimers {
  /** Whether timers A, E and G retransmit. */
  readonly repeats: boolean;
  /** Wait for retransmitted responses to an INVITE. */
  readonly D: number;
  /** Wait for retransmitted ACKs. */
  readonly I: number;
  /** Wait for retransmitted requests other than INVITE. */
  readonly J: number;
  /** Wait for retransmitted responses to other requests. */
  readonly K: number;
}

/** D must be longer than 32 s. */
const UNRELIABLE: TransportTimers = { repeats: true, D: 32_500, I: T4, J: SIXTY_FOUR_T1, K: T4 };
const RELIABLE: TransportTimers = { repeats: false, D: 0, I: 0, J: 0, K: 0 };

/** The timers of a transaction over a reliable or unreliable transport. */
export function transportTimers(transport: { readonly reliable: boolean }): TransportTimers {
  return transport.reliable ? RELIABLE : UNRELIABLE;
}

interface Transition<State extends string, Action extends string> {
  readonly next: State;
  readonly actions: readonly Action[];
}

type TransactionTable<State extends string, Event extends string, Action extends string> = Readonly<
  Partial<Record<State, Readonly<Partial<Record<Event, Transition<State, Action>>>>>>
>;

/** The events of a client transaction: responses by class, timers, a transport error. */
export type ClientEvent =
  | 'provisional'
  | 'success'
  | 'failure'
  | 'timerA'
  | 'timerB'
  | 'timerD'
  | 'timerE'
  | 'timerF'
  | 'timerK'
  | 'timerM'
  | 'transportError';

/** What a client transaction does at an event. */
export type ClientAction =
  | 'passUp'
  | 'resend'
  | 'acknowledge'
  | 'acknowledgeAgain'
  | 'restartA'
  | 'restartE'
  | 'startD'
  | 'startK'
  | 'startM'
  | 'stopTimers'
  | 'reportTimeout'
  | 'reportTransportError';

/** The states of both client transactions. */
export type ClientState = 'calling' | 'trying' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

/** The state machine of a client transaction. */
export type ClientTable = TransactionTable<ClientState, ClientEvent, ClientAction>;

/**
 * RFC 3261 17.1.1.2, figure 5, with the Accepted state of RFC 6026 8.4. Begins in calling with timers A and B. Serves a
 * proxy, which forwards each 2xx (16.7), and a UA, whose core acknowledges each (13.2.2.4).
 */
export const INVITE_CLIENT: ClientTable = {
  calling: {
    timerA: { next: 'calling', actions: ['resend', 'restartA'] },
    timerB: { next: 'terminated', actions: ['reportTimeout'] },
    transportError: { next: 'terminated', actions: ['reportTransportError'] },
    provisional: { next: 'proceeding', actions: ['stopTimers', 'passUp'] },
    success: { next: 'accepted', actions: ['stopTimers', 'startM', 'passUp'] },
    failure: { next: 'completed', actions: ['stopTimers', 'acknowledge', 'startD', 'passUp'] },
  },
  proceeding: {
    provisional: { next: 'proceeding', actions: ['passUp'] },
    success: { next: 'accepted', actions: ['startM', 'passUp'] },
    failure: { next: 'completed', actions: ['acknowledge', 'startD', 'passUp'] },
  },
  accepted: {
    success: { next: 'accepted', actions: ['passUp'] },
    timerM: { next: 'terminated', actions: [] },
  },
  completed: {
    failure: { next: 'completed', actions: ['acknowledgeAgain'] },
    timerD: { next: 'terminated', actions: [] },
  },
};

/** RFC 3261 17.1.2.2, figure 6. Begins in trying with timers E and F. Serves a proxy and a UA. */
export const NON_INVITE_CLIENT: ClientTable = {
  trying: {
    timerE: { next: 'trying', actions: ['resend', 'restartE'] },
    timerF: { next: 'terminated', actions: ['reportTimeout'] },
    transportError: { next: 'terminated', actions: ['reportTransportError'] },
    provisional: { next: 'proceeding', actions: ['passUp'] },
    success: { next: 'completed', actions: ['stopTimers', 'startK', 'passUp'] },
    failure: { next: 'completed', actions: ['stopTimers', 'startK', 'passUp'] },
  },
  proceeding: {
    timerE: { next: 'proceeding', actions: ['resend', 'restartE'] },
    timerF: { next: 'terminated', actions: ['reportTimeout'] },
    transportError: { next: 'terminated', actions: ['reportTransportError'] },
    provisional: { next: 'proceeding', actions: ['passUp'] },
    success: { next: 'completed', actions: ['stopTimers', 'startK', 'passUp'] },
    failure: { next: 'completed', actions: ['stopTimers', 'startK', 'passUp'] },
  },
  completed: {
    timerK: { next: 'terminated', actions: [] },
  },
};

/** The events of a server transaction: a retransmitted request, an ACK, the user's responses by class, timers. */
export type ServerEvent =
  | 'request'
  | 'ack'
  | 'sendProvisional'
  | 'sendSuccess'
  | 'sendFailure'
  | 'timerG'
  | 'timerH'
  | 'timerI'
  | 'timerJ'
  | 'timerL'
  | 'tryingDue';

/** What a server transaction does at an event. */
export type ServerAction =
  | 'send'
  | 'sendTrying'
  | 'resend'
  | 'restartG'
  | 'startGAndH'
  | 'startI'
  | 'startJ'
  | 'startL'
  | 'stopTimers'
  | 'passAckUp'
  | 'reportNoAck';

/** The states of both server transactions. */
export type ServerState = 'trying' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** The state machine of a server transaction. */
export type ServerTable = TransactionTable<ServerState, ServerEvent, ServerAction>;

/**
 * RFC 3261 17.2.1, figure 7, with the Accepted state of RFC 6026 8.5. Begins in proceeding. Serves a proxy and a UA, as
 * it never retransmits a 2xx: a proxy forwards those that reach it (16.7), a UA's core repeats its own until the ACK
 * comes (13.3.1.4).
 */
export const INVITE_SERVER: ServerTable = {
  proceeding: {
    request: { next: 'proceeding', actions: ['resend'] },
    tryingDue: { next: 'proceeding', actions: ['sendTrying'] },
    sendProvisional: { next: 'proceeding', actions: ['stopTimers', 'send'] },
    sendSuccess: { next: 'accepted', actions: ['stopTimers', 'send', 'startL'] },
    sendFailure: { next: 'completed', actions: ['stopTimers', 'send', 'startGAndH'] },
  },
  accepted: {
    sendSuccess: { next: 'accepted', actions: ['send'] },
    ack: { next: 'accepted', actions: ['passAckUp'] },
    timerL: { next: 'terminated', actions: [] },
  },
  completed: {
    request: { next: 'completed', actions: ['resend'] },
    timerG: { next: 'completed', actions: ['resend', 'restartG'] },
    timerH: { next: 'terminated', actions: ['reportNoAck'] },
    ack: { next: 'confirmed', actions: ['stopTimers', 'startI'] },
  },
  confirmed: {
    timerI: { next: 'terminated', actions: [] },
  },
};

/**
 * RFC 3261 17.2.2, figure 8. Begins in trying. Serves a proxy and a UA. Its user sends no provisional response: the
 * only one is the 100, which goes out when it is due (RFC 4320 4.1).
 */
export const NON_INVITE_SERVER: ServerTable = {
  trying: {
    tryingDue: { next: 'proceeding', actions: ['sendTrying'] },
    sendSuccess: { next: 'completed', actions: ['stopTimers', 'send', 'startJ'] },
    sendFailure: { next: 'completed', actions: ['stopTimers', 'send', 'startJ'] },
  },
  proceeding: {
    request: { next: 'proceeding', actions: ['resend'] },
    sendSuccess: { next: 'completed', actions: ['stopTimers', 'send', 'startJ'] },
    sendFailure: { next: 'completed', actions: ['stopTimers', 'send', 'startJ'] },
  },
  completed: {
    request: { next: 'completed', actions: ['resend'] },
    timerJ: { next: 'terminated', actions: [] },
  },
};
