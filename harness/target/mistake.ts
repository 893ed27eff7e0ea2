import { HarnessError } from '../verdict.ts';

/** Where a field stands in a descriptor: the names on the way to it. */
export type FieldPath = readonly (string | number)[];

/**
 * The descriptor and the target do not fit: nothing can be judged before one of them is mended. The message names the
 * mend, `fields` are the ones that it is about.
 */
export class DescriptorMistake extends HarnessError {
  readonly fields: readonly FieldPath[];

  constructor(message: string, fields: readonly FieldPath[]) {
    super(message);
    this.fields = fields;
  }

  /** The same mistake, where `fields` are told from a field further out. */
  within(path: FieldPath): DescriptorMistake {
    return new DescriptorMistake(
      this.message,
      this.fields.map((field) => [...path, ...field]),
    );
  }
}
