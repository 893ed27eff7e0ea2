import { isIP } from 'node:net';

import { z } from 'zod';

/** One setting: where it is given, and what is right. */
export interface Setting {
  /** Its place in the file: `sip.port`. */
  readonly path: string;
  readonly variable: string;
  /** What is right, as the end of "must be …". */
  readonly expected: string;
  /** Reads a variable's text; the text itself where this is absent. */
  readonly fromText?: FromText;
  /** Never quoted in a problem. */
  readonly isSecret?: true;
}

export type FromText = (text: string) => unknown;
export type Environment = Readonly<Record<string, string | undefined>>;
/** Names the place of a setting for a person: the variable, or file, line and path. */
export type Place = (path: readonly PropertyKey[]) => string;

/** The settings that one tier owns. */
export interface TierSettings<Shape extends z.ZodRawShape> {
  /** Their schema, by the first part of their path. */
  readonly shape: Shape;
  /** In the order of --help. */
  readonly settings: readonly Setting[];
  /** Settings that contradict one another, each as a sentence with the mend. */
  problems?(config: z.infer<z.ZodObject<Shape>>, place: Place): string[];
  /** What the file says, once variables that it names have been looked up. */
  resolved?(content: Record<string, unknown>, environment: Environment): Record<string, unknown>;
  /** What may not stand in a file, or is named there and missing. `place` is that of the file. */
  fileProblems?(content: Record<string, unknown>, place: Place, environment: Environment): string[];
}

/** A setting; `name` is its variable without the prefix of all variables. */
export function setting(path: string, name: string, expected: string, fromText?: FromText): Setting {
  return { path, variable: `VOICE_EDGE_${name}`, expected, ...(fromText && { fromText }) };
}

export function wholeNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}

export function flag(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** `a,b`; nothing at all is the empty list. */
export function list(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}

/** `a=1,b=2`, in order. */
export function pairs(text: string): (readonly [left: string, right: string])[] {
  return list(text).map((entry) => {
    const [left = '', right = ''] = entry.split('=');
    return [left.trim(), right.trim()];
  });
}

export const PORT = 'a port from 0 to 65535, 0 to let the kernel choose';
export const SECONDS = 'a whole number of seconds, at least 1';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
export const port = z.int().min(0).max(65_535);
export const seconds = z
  .int()
  .min(1)
  .max(86_400 * 365);
export const hostName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${label}(\\.${label})*$`));
export const ipAddress = z.string().refine((text) => isIP(text) !== 0);
