import { z } from 'zod';

import type { Environment, Place } from '../runtime/setting.ts';

// The setting `clients` as a file or a variable gives it, before it is checked.

const KEYS = ['id', 'secret'] as const;
const entries = z.array(z.unknown()).catch([]);
const entry = z.record(z.string(), z.unknown());
const variable = z.strictObject({ environment: z.string() });

/** Reads `ACCOUNT:ID:SECRET,…`. */
export function clientsOfText(text: string): unknown[] {
  if (text.trim() === '') return [];
  return text.split(',').map((client) => {
    const [account, id, ...secret] = client.trim().split(':');
    return { account, id, secret: secret.join(':') };
  });
}

/** Replaces each `{environment: NAME}` with the variable's value; undefined if the variable is not set. */
export function withClientVariables(clients: unknown, environment: Environment): unknown {
  if (!Array.isArray(clients)) return clients;
  return clients.map((client: unknown) => {
    const fields = entry.safeParse(client);
    if (!fields.success) return client;
    const held = KEYS.flatMap((key) => {
      const named = variable.safeParse(fields.data[key]);
      return named.success ? [[key, environment[named.data.environment]]] : [];
    });
    return { ...fields.data, ...Object.fromEntries(held) };
  });
}

/** What is wrong with the clients of a file: a secret written in it, or a variable that is not set. */
export function clientFileProblems(clients: unknown, place: Place, environment: Environment): string[] {
  return entries.parse(clients).flatMap((client, index) => {
    const fields = entry.safeParse(client);
    if (!fields.success) return [];
    return KEYS.flatMap((key) => {
      const at = (): string => place(['clients', index, key]);
      const named = variable.safeParse(fields.data[key]);
      if (named.success) {
        const name = named.data.environment;
        return environment[name] === undefined ? [`${at()} is taken from ${name}, which is not set`] : [];
      }
      if (key === 'id' || fields.data[key] === undefined) return [];
      return [`${at()} must not stand in a file: name the variable that holds it, {environment: NAME}`];
    });
  });
}
