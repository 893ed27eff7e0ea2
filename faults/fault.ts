import { applyPatch, type PatchContext, type PatchOutcome } from '../impl/api/application_patch.ts';
import type { ApplicationPatch } from '../impl/api/patch_checks.ts';
import { startApi, type ApiOptions } from '../impl/api/server.ts';
import type { Arrival, Decision, PolicyView } from '../impl/edge/decision.ts';
import { startEdge } from '../impl/edge/edge.ts';
import type { EdgeOptions } from '../impl/edge/edge_options.ts';
import type { EdgeParts } from '../impl/edge/edge_parts.ts';
import { decide } from '../impl/edge/policy.ts';
import { recordsFor, type RecordSource } from '../impl/edge/records.ts';
import type { SipRequest } from '../impl/sip/message.ts';
import { forwardedRequest, type RequestForwarding } from '../impl/sip/serialiser.ts';
import type { VoiceApplication } from '../impl/store/model/voice_application.ts';
import { openStore } from '../impl/store/open_store.ts';
import type { Store } from '../impl/store/store.ts';
import type { Parts } from '../impl/system.ts';

/** One way to break one rule. */
export interface Fault {
  /** Lower case with hyphens. */
  readonly id: string;
  /** The rule that this breaks, and whose scenarios must turn red. */
  readonly rule: string;
  /** Other rules whose scenarios find it just as well. */
  readonly foundBy?: readonly string[];
  /** What the service does wrong, one sentence. */
  readonly sentence: string;
  /**
   * Every other rule that this must break too, with the reason. A rule needs no entry if its scenarios fail after the
   * same steps as one of the fault's own rule: they try and judge the same.
   */
  readonly collateral?: Readonly<Record<string, string>>;
  /** The broken parts of the reference; made with the functions below. */
  readonly override: Partial<Parts>;
}

/** The faults of a rule: the default export of the rule's file. */
export function faultsOf(rule: string, faults: readonly Omit<Fault, 'rule'>[]): readonly Fault[] {
  return faults.map((fault) => ({ rule, ...fault }));
}

/** The edge with some of its `EdgeParts` replaced. */
export function edgeWith(parts: Partial<EdgeParts>): Partial<Parts> {
  return edgeOptions(() => ({ parts }));
}

/** The edge with other options: directory, regionOf, nonce, clock, parts. */
export function edgeOptions(change: (options: EdgeOptions) => Partial<EdgeOptions>): Partial<Parts> {
  return { startEdge: (options) => startEdge({ ...options, ...change(options) }) };
}

/** What the edge decides with, and where it looks records up. */
export interface FullView extends PolicyView, RecordSource {}

/** The edge where `change` has the last word on each request that is judged. */
export function decidedOtherwise(
  change: (decision: Decision, arrival: Arrival, view: FullView, now: number) => Decision,
): Partial<Parts> {
  return edgeOptions((options) => {
    const from = { directory: options.directory, regionOf: options.regionOf.bind(options) };
    return {
      parts: {
        decide: (arrival, view, now) =>
          change(decide(arrival, view, now), arrival, { ...view, ...from }, now),
      },
    };
  });
}

/** The edge's decision on a request, with its records looked up in `view`. */
export function decidedIn(view: FullView, arrival: Arrival, now: number): Decision {
  const records = recordsFor(arrival.request, arrival.source, view);
  return decide({ ...arrival, records }, view, now);
}

/** The edge that forwards each request with the options that `change` returns. */
export function forwardedOtherwise(
  change: (forwarding: RequestForwarding, request: SipRequest) => Partial<RequestForwarding>,
): Partial<Parts> {
  return edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, { ...forwarding, ...change(forwarding, request) }),
  });
}

/** The management API with other options: its repositories, applyPatch, now, accessTokens, hook … */
export function apiOptions(change: (options: ApiOptions) => Partial<ApiOptions>): Partial<Parts> {
  return { startApi: (options) => startApi({ ...options, ...change(options) }) };
}

/** What a PATCH was asked to change. */
export interface PatchCase {
  readonly current: VoiceApplication;
  readonly patch: ApplicationPatch;
  readonly context: PatchContext;
}

/** The management API where `change` has the last word on what becomes of a PATCH. */
export function patchedOtherwise(
  change: (outcome: PatchOutcome, asked: PatchCase) => PatchOutcome,
): Partial<Parts> {
  return {
    applyPatch: (current, patch, context) =>
      change(applyPatch(current, patch, context), { current, patch, context }),
  };
}

/** The store with some of its repositories, or its inbound directory, replaced. */
export function storeWith(change: (store: Store) => Partial<Store>): Partial<Parts> {
  return {
    openStore: async (...how) => {
      const store = await openStore(...how);
      return { ...store, ...change(store) };
    },
  };
}
