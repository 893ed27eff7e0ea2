import { z } from 'zod';

import type { HttpAnswer } from '../../harness/clients/http.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a person looks for first. */
const FIRST = ['applicationId', 'applicationName', 'inboundSipCallsEnabled', 'sipUri', 'sipAuthPassword'];
const PASSWORD = 'sipAuthPassword';

/** One application for a terminal: a line for each field, with a note that the password is shown this once. */
export function applicationText(application: Fields): string {
  const names = [...FIRST.filter((name) => name in application), ...others(application)];
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => {
      const note = name === PASSWORD ? '   (shown this once)' : '';
      return `${name.padEnd(width)}  ${valueText(application[name])}${note}`;
    })
    .join('\n');
}

function others(application: Fields): string[] {
  return Object.keys(application).filter((name) => !FIRST.includes(name));
}

/** Applications for a terminal: a line for each. */
export function applicationsText(applications: readonly Fields[]): string {
  if (applications.length === 0) return 'the account has no voice application';
  const rows = applications.map(({ applicationId, applicationName, inboundSipCallsEnabled, sipUri }) => [
    valueText(applicationId),
    inboundSipCallsEnabled === true ? 'on' : 'off',
    valueText(sipUri),
    valueText(applicationName),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(valueText).join(', ');
  return typeof value === 'string' ? printable(value) : JSON.stringify(value);
}

/** Escapes control characters, so that a name from elsewhere cannot steer this terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

const failures = z.object({
  errors: z.array(
    z.object({
      description: z.string(),
      type: z.string().optional(),
    }),
  ),
});

/** Why the target refused: a sentence for each error of its envelope, or the status alone. */
export function refusalText({ status, json }: HttpAnswer): string[] {
  const parsed = failures.safeParse(json);
  const errors = parsed.success ? parsed.data.errors : [];
  if (errors.length === 0) return [`the target refused it with ${status}`];
  return errors.map(({ description }) => `${status}: ${printable(description)}`);
}
