import { listen } from '../sip/listener.ts';
import { NonceIssuer } from '../sip/nonce.ts';
import { NonceCounts } from '../sip/nonce_count.ts';
import { forwardedRequest, forwardedResponse } from '../sip/serialiser.ts';
import { TransactionLayer } from '../sip/transaction_layer.ts';
import { UdpTransport } from '../sip/transport_udp.ts';
import { ANSWERS } from './answer.ts';
import { DialogTable } from './dialog.ts';
import { DialogRouting } from './dialog_routing.ts';
import { LoopGuard } from './loop.ts';
import { decide } from './policy.ts';

/** What an edge is made of. Each part can be replaced alone; `startEdge` takes the real one where none is given. */
export interface EdgeParts {
  readonly decide: typeof decide;
  readonly answers: typeof ANSWERS;
  readonly forwardedRequest: typeof forwardedRequest;
  readonly forwardedResponse: typeof forwardedResponse;
  readonly TransactionLayer: typeof TransactionLayer;
  readonly NonceIssuer: typeof NonceIssuer;
  readonly NonceCounts: typeof NonceCounts;
  readonly LoopGuard: typeof LoopGuard;
  readonly DialogTable: typeof DialogTable;
  readonly DialogRouting: typeof DialogRouting;
  /** Opens the port callers reach it at, over UDP and TCP. */
  readonly listen: typeof listen;
  /** Opens the socket to the next hop, and that of a worker's own port. */
  readonly bindUdp: typeof UdpTransport.bind;
}

export const REAL_EDGE_PARTS: EdgeParts = {
  decide,
  answers: ANSWERS,
  forwardedRequest,
  forwardedResponse,
  TransactionLayer,
  NonceIssuer,
  NonceCounts,
  LoopGuard,
  DialogTable,
  DialogRouting,
  listen,
  bindUdp: (binding, user) => UdpTransport.bind(binding, user),
};
