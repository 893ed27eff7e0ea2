import { getHeapStatistics } from 'node:v8';

import { MemoryBudget } from '../sip/memory_budget.ts';
import type { TransactionBudgets } from '../sip/transaction_layer.ts';

/** Octets that transactions may hold. Beyond, a new call gets 503, and a stranger an answer without state. */
export interface MemoryLimits {
  /** Of calls that were admitted. */
  readonly calls: number;
  /** Of strangers: clients that have proved nothing. */
  readonly strangers: number;
}

/** Parts of what V8 may allocate: the rest is for dialogs, look-ups, and what the collector has not found yet. */
const CALLS_SHARE = 1 / 2;
const STRANGERS_SHARE = 1 / 16;
const MOST_FOR_STRANGERS = 64 << 20;

/** What one source prefix may hold: a customer may be the only one, a stranger is not. */
const CALLS_PREFIX_SHARE = 1 / 2;
const STRANGERS_PREFIX_SHARE = 1 / 4;

/** The limits that suit this process's heap. */
export function defaultMemoryLimits(): MemoryLimits {
  const { heap_size_limit: heap } = getHeapStatistics();
  return { calls: heap * CALLS_SHARE, strangers: Math.min(heap * STRANGERS_SHARE, MOST_FOR_STRANGERS) };
}

/** The budgets with those limits. */
export function budgetsOf({ calls, strangers }: MemoryLimits): TransactionBudgets {
  return {
    calls: new MemoryBudget(calls, CALLS_PREFIX_SHARE),
    strangers: new MemoryBudget(strangers, STRANGERS_PREFIX_SHARE),
  };
}
