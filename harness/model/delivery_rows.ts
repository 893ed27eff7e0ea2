import type { Cargo } from './cargo.ts';
import { COMPANIES } from './cargoes.ts';
import { DELIVERY_RULES, titleOf, type CallMessage, type Course, type DeliveryRule } from './delivery.ts';
import { Mixture } from './mixture.ts';

/** How header names are written. */
export type Names = 'long names' | 'compact names' | 'names in odd case';

/** What stands at the colons of header lines. */
export type Blanks =
  'a blank at colons' | 'no blank at colons' | 'blanks behind colons' | 'blanks around colons';

/** One message of a call, with what it carries, and how it is written. */
export interface DeliveryRow {
  /** The rule that it is judged by. */
  readonly rule: string;
  readonly course: Course;
  readonly message: CallMessage;
  readonly cargo: Cargo;
  /** What it has besides. */
  readonly company: Cargo;
  /** Between the caller and the service. */
  readonly transport: 'UDP' | 'TCP';
  readonly names: Names;
  readonly blanks: Blanks;
  /** Its coordinates, in the rules' words. Unique in the table. */
  readonly name: string;
}

const NAMES: readonly Names[] = ['long names', 'compact names', 'names in odd case'];
const BLANKS: readonly Blanks[] = [
  'a blank at colons',
  'no blank at colons',
  'blanks behind colons',
  'blanks around colons',
];
/** The stand-in of the voice platform reads no names with blanks behind them. */
const BLANKS_FOR_STAND_IN = BLANKS.slice(0, 3);

/** Where a rule has no more cargoes than these, an INVITE that begins a call meets each company with each of them. */
const FEW = 5;

/**
 * The whole table: each message that a rule speaks of, with each cargo, over each transport. How it is written and what
 * it has besides is mixed in.
 */
export function deliveryRows(): readonly DeliveryRow[] {
  const mix = new Mixture();
  return DELIVERY_RULES.flatMap((rule) => [...rowsOf(rule, mix)]);
}

function* rowsOf({ rule, course, cargoes, messages }: DeliveryRule, mix: Mixture): Generator<DeliveryRow> {
  for (const cargo of cargoes) {
    const company = mix.deck(COMPANIES);
    const names = mix.deck(NAMES);
    const blanks = mix.deck(BLANKS);
    const blanksForStandIn = mix.deck(BLANKS_FOR_STAND_IN);
    for (const transport of ['UDP', 'TCP'] as const) {
      for (const message of messages) {
        const meetsAll = beginsCall(message) && cargoes.length <= FEW;
        for (const met of meetsAll ? COMPANIES : [company()]) {
          const written = {
            names: names(),
            blanks: message.isInDialog ? blanks() : blanksForStandIn(),
          };
          const row = { rule, course, message, cargo, company: met, transport, ...written };
          yield { ...row, name: nameOf(row) };
        }
      }
    }
  }
}

function beginsCall({ isInDialog, status }: CallMessage): boolean {
  return !isInDialog && status === undefined;
}

function nameOf({ message, cargo, company, transport, names, blanks }: Omit<DeliveryRow, 'name'>): string {
  const parts = [
    titleOf(message),
    `with ${cargo.name}`,
    company.name,
    names,
    blanks,
    `caller over ${transport}`,
  ];
  return parts.filter((part) => part !== 'alone').join('; ');
}
