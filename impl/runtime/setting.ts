import { isIP } from 'node:net';

import { z } from 'zod';

/** One setting: where it is given, and which values are right. */
export interface Setting {
  /** Its place in the file: `sip.port`. */
  readonly path: string;
  readonly variable: string;
  /** The right values, as the end of "must be …". */
  readonly expected: string;
  /** Reads a variable's text. Without it the text itself is the value. */
  readonly fromText?: FromText;
  /** Never quoted in a problem. */
  readonly isSecret?: true;
}

/** Reads a variable's text. Returns a wrong text as it is, for the schema to refuse. */
export type FromText = (text: string) => unknown;
/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;
/** Says where a setting was given: its variable, or file, line and path. */
export type Place = (path: readonly PropertyKey[]) => string;

/** The settings of one tier. */
export interface TierSettings<Shape extends z.ZodRawShape> {
  /** The schema of the settings, by the first part of their path. */
  readonly shape: Shape;
  /** In the order of --help. */
  readonly settings: readonly Setting[];
  /** Contradictions between settings, each as a sentence that says how to correct it. */
  problems?(config: z.infer<z.ZodObject<Shape>>, place: Place): string[];
  /** The file's content, with the values of the variables that it names. */
  resolved?(content: Record<string, unknown>, environment: Environment): Record<string, unknown>;
  /** Secrets written in the file, and variables it names that are not set. `place` names places in the file. */
  fileProblems?(content: Record<string, unknown>, place: Place, environment: Environment): string[];
}

/** A setting; `name` is its variable without the prefix of all variables. */
export function setting(path: string, name: string, expected: string, fromText?: FromText): Setting {
  return { path, variable: `VOICE_EDGE_${name}`, expected, ...(fromText && { fromText }) };
}

/** Reads decimal digits as a number. */
export function wholeNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Reads `true` and `false`. */
export function flag(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** Reads `a,b`. A blank text is the empty list. */
export function list(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}

/** Reads `a=1,b=2`, in order. */
export function pairs(text: string): (readonly [left: string, right: string])[] {
  return list(text).map((entry) => {
    const [left = '', right = ''] = entry.split('=');
    return [left.trim(), right.trim()];
  });
}

/** `expected` of {@link port}. */
export const PORT = 'a port from 0 to 65535, 0 to let the kernel choose';
/** `expected` of {@link seconds}. */
export const SECONDS = 'a whole number of seconds, at least 1';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
/** A port, 0 to 65535. */
export const port = z.int().min(0).max(65_535);
/** A time in whole seconds. */
export const seconds = z
  .int()
  .min(1)
  .max(86_400 * 365);
/** A host name or an IP address. */
export const hostName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${label}(\\.${label})*$`));
/** An IPv4 or IPv6 address. */
export const ipAddress = z.string().refine((text) => isIP(text) !== 0);
