import type { HttpAnswer } from '../clients/http.ts';
import { matched, mismatch, type Match } from './match.ts';

/** Something that only its owner may read again. */
export interface Secret {
  /** Its name in sentences, which never show the secret itself. */
  readonly what: string;
  readonly text: string;
}

/** Whether the text holds the secret: as it is, as JSON writes it, or as a URL does. */
function holds(text: string, { text: secret }: Secret): boolean {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  return forms.some((form) => text.includes(form));
}

/**
 * A refusal shows none of the secrets, in whichever header field or place of its body. A success may show what it is
 * about. `sent` says how a secret was sent. Rule: hard.secrets.leak.
 */
export function refusalSilent(answer: HttpAnswer, secrets: readonly Secret[], sent: string): Match {
  if (answer.status < 400) return matched;
  const told = [...[...answer.headers].map(([name, value]) => `${name}: ${value}`), answer.text].join('\n');
  const leaked = secrets.find((secret) => holds(told, secret));
  return leaked === undefined
    ? matched
    : mismatch(
        'an error answer without any secret',
        `the ${answer.status} to ${leaked.what} ${sent} shows it (it is not shown here)`,
        'the API exchange, where it is masked',
      );
}

/** No line of the target's log shows one of the secrets (rule hard.secrets.leak). */
export function logSilent(lines: readonly string[], secrets: readonly Secret[], file: string): Match {
  for (const [index, line] of lines.entries()) {
    const leaked = secrets.find((secret) => holds(line, secret));
    if (leaked === undefined) continue;
    return mismatch(
      'a log without any secret',
      `a line of it shows ${leaked.what} (it is not shown here)`,
      `${file}, line ${index + 1}`,
    );
  }
  return matched;
}
