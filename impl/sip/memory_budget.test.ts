import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { budgetPrefix, MemoryBudget } from './memory_budget.ts';

const PREFIXES = [0, 1, 2 ** 24 - 1];
const prefix = fc.constantFrom(...PREFIXES);

/** What holders do: take something on, let a part of one's own go, or all of it. */
const steps = fc.array(
  fc.record({ prefix, octets: fc.integer({ min: 1, max: 5000 }), isGivenBack: fc.boolean() }),
  { maxLength: 200 },
);

/** A budget, with what each prefix should hold. */
class Ledger {
  readonly budget: MemoryBudget;
  readonly byPrefix = new Map(PREFIXES.map((one) => [one, 0]));

  constructor(budget: MemoryBudget) {
    this.budget = budget;
  }

  /** Holds octets, or gives back as many as the prefix has at most. */
  step({ prefix: of, octets, isGivenBack }: { prefix: number; octets: number; isGivenBack: boolean }): void {
    const held = this.byPrefix.get(of) ?? 0;
    const change = isGivenBack ? -Math.min(octets, held) : octets;
    this.budget.hold(of, change);
    this.byPrefix.set(of, held + change);
  }

  get sum(): number {
    return [...this.byPrefix.values()].reduce((sum, held) => sum + held, 0);
  }
}

describe('a memory budget', () => {
  test('holds what its holders hold, never less than nothing, and nothing in the end', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const ledger = new Ledger(new MemoryBudget(1_000_000));
        for (const step of all) {
          ledger.step(step);
          assert.equal(ledger.budget.held, ledger.sum);
          assert.ok(ledger.budget.held >= 0);
        }
        for (const [of, held] of ledger.byPrefix) ledger.budget.hold(of, -held);
        assert.equal(ledger.budget.held, 0);
      }),
    );
  });

  test('has room for a prefix below its share, as long as there is room in all', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (all, octets, share) => {
          const ledger = new Ledger(new MemoryBudget(octets, share));
          for (const step of all) {
            ledger.step(step);
            for (const [of, held] of ledger.byPrefix) {
              const expected = ledger.sum < octets && held < octets * share;
              assert.equal(ledger.budget.hasRoom(of), expected);
            }
          }
        },
      ),
    );
  });

  test('keeps prefixes apart: what one holds takes nothing of the share of another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2499 }), fc.integer({ min: 2500, max: 9999 }), (little, much) => {
        const budget = new MemoryBudget(20_000, 1 / 8);
        budget.hold(1, much);
        budget.hold(2, little);
        assert.deepEqual([budget.hasRoom(1), budget.hasRoom(2)], [false, true]);
        budget.hold(1, -much);
        assert.ok(budget.hasRoom(1));
      }),
    );
  });

  test('counts the addresses of 24 bits as one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (source, last) => {
          const neighbour = ((source & ~0xff) | last) >>> 0;
          assert.equal(budgetPrefix(neighbour), budgetPrefix(source));
          assert.notEqual(budgetPrefix((source ^ 0x100) >>> 0), budgetPrefix(source));
        },
      ),
    );
  });
});
