import { EXIT } from '../harness/exit_code.ts';

/** What a command's own exit codes mean. Every command has 2 and 130 as well. */
export interface ExitMeanings {
  readonly fine: string;
  readonly notSo?: string;
  readonly nothingSelected?: string;
}

/** What --help prints: the command's own text, and its exit codes. */
export function helpText(text: string, { fine, notSo, nothingSelected }: ExitMeanings): string {
  const codes = [
    [EXIT.fine, fine],
    [EXIT.notSo, notSo],
    [EXIT.harness, 'the harness or its input'],
    [EXIT.nothingSelected, nothingSelected],
    [EXIT.interrupted, 'interrupted'],
  ] as const;
  const lines = codes.flatMap(([code, meaning]) =>
    meaning === undefined ? [] : [`  ${String(code).padEnd(5)}${meaning}\n`],
  );
  return `${text}\nExit codes:\n\n${lines.join('')}`;
}
