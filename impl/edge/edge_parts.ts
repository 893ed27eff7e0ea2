import { REAL_ENDPOINT_PARTS, type EndpointParts } from '../sip/endpoint.ts';
import { NonceIssuer } from '../sip/nonce.ts';
import { NonceCounts } from '../sip/nonce_count.ts';
import { forwardedRequest, forwardedResponse } from '../sip/serialiser.ts';
import { ANSWERS } from './answer.ts';
import { DialogTable } from './dialog.ts';
import { DialogRouting } from './dialog_routing.ts';
import { LoopGuard } from './loop.ts';
import { decide } from './policy.ts';

/** What an edge is made of. Each part can be replaced alone; `startEdge` uses the real ones for the rest. */
export interface EdgeParts extends EndpointParts {
  readonly decide: typeof decide;
  readonly answers: typeof ANSWERS;
  readonly forwardedRequest: typeof forwardedRequest;
  readonly forwardedResponse: typeof forwardedResponse;
  readonly NonceIssuer: typeof NonceIssuer;
  readonly NonceCounts: typeof NonceCounts;
  readonly LoopGuard: typeof LoopGuard;
  readonly DialogTable: typeof DialogTable;
  readonly DialogRouting: typeof DialogRouting;
}

/** The parts of an edge that nothing replaces. */
export const REAL_EDGE_PARTS: EdgeParts = {
  ...REAL_ENDPOINT_PARTS,
  decide,
  answers: ANSWERS,
  forwardedRequest,
  forwardedResponse,
  NonceIssuer,
  NonceCounts,
  LoopGuard,
  DialogTable,
  DialogRouting,
};
