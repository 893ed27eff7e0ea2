import type { DataTable } from '@cucumber/cucumber';

import { patchApplication } from '../../harness/clients/application.ts';
import { isSuccess, type HttpAnswer, type Unanswered } from '../../harness/clients/http.ts';
import type { Settings } from '../../harness/expect/settings.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

/** An application before a change. */
interface Noted {
  /** Only what compares with it needs that it was answered. */
  readonly reading: HttpAnswer | Unanswered;
  readonly password: string | undefined;
}

const notes = new WeakMap<ConformanceWorld, Noted>();

/** Reads the application, so that what comes next can be compared with it. */
export async function noteSettings(world: ConformanceWorld): Promise<void> {
  const password = world.application.passwords.at(-1);
  const reading = await world.api.attempt({ method: 'GET', applicationId: world.application.id });
  notes.set(world, { reading, password });
}

function noteOf(world: ConformanceWorld): Noted {
  const note = notes.get(world);
  if (!note) throw new HarnessError('no change was asked for');
  return note;
}

/** The application before the last change that was asked for. Throws a HarnessError where it could not be read. */
export function formerReading(world: ConformanceWorld): HttpAnswer {
  const { reading } = noteOf(world);
  if ('status' in reading) return reading;
  const { method, url } = reading.request;
  throw new HarnessError(`nobody knows what was before: ${method} ${url} ${reading.instead}`);
}

/** The password before the last change that was asked for. */
export function passwordBefore(world: ConformanceWorld): string | undefined {
  return noteOf(world).password;
}

/** Asks for a change of the application and keeps the answer, whatever it is. */
export async function change(world: ConformanceWorld, changes: Settings): Promise<void> {
  await noteSettings(world);
  world.answer = await patchApplication(world.api, world.application, changes);
}

/**
 * The answer of the API, or where it grants a change without a body, what a reading shows: a rule about settings does not
 * ask which of the two tells them.
 */
export async function shown({ answer, api, application }: ConformanceWorld): Promise<HttpAnswer> {
  const isBare = isSuccess(answer.status) && answer.text === '';
  return isBare ? api.get(application.id) : answer;
}

/** The value that a feature writes as JSON. Throws a HarnessError if it does not parse. */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HarnessError(`the feature says ${text}, which is no JSON`);
  }
}

/** The settings of a table: each row has a name and a JSON value. */
export function settingsOf(table: DataTable): Settings {
  return Object.fromEntries(Object.entries(table.rowsHash()).map(([name, text]) => [name, jsonValue(text)]));
}

/** This many prefixes of one address each. */
export function singleAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `198.51.100.${index + 100}/32`);
}
