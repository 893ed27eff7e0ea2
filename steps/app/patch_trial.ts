import {
  APPLICATION_SETTINGS,
  createApplication,
  patchApplication,
  type Application,
} from '../../harness/clients/application.ts';
import { isSuccess, type HttpAnswer } from '../../harness/clients/http.ts';
import type { ManagementClient } from '../../harness/clients/management.ts';
import type { TriedPatch } from '../../harness/expect/patches.ts';
import { BEFORE, type Before, type PatchRow } from '../../harness/model/patch.ts';
import { fieldsOf, OTHER_NAME } from '../../harness/model/patch_fields.ts';
import type { PatchTableRow } from '../../harness/model/patch_rows.ts';
import { RuleViolation } from '../../harness/verdict.ts';

const TYPES = { JSON: 'application/json', 'merge patch': 'application/merge-patch+json' } as const;

/** An application in one of the states that rows begin with. */
interface Prepared {
  readonly application: Application;
  readonly reading: HttpAnswer;
}

/** Sends the PATCHes of rows, each to an application that is as the row wants it. */
export class PatchTrial {
  readonly #api: ManagementClient;
  /** Applications that the last PATCH has left as they were. One that is off is new: it never got a PATCH. */
  readonly #ready: Readonly<Record<Exclude<Before, 'off'>, Prepared[]>> = {
    'off again': [],
    password: [],
    list: [],
    both: [],
  };

  constructor(api: ManagementClient) {
    this.#api = api;
  }

  /** Sends the row's PATCH as often as the row wants it. Returns what came of each. */
  async tried(row: PatchTableRow): Promise<readonly TriedPatch[]> {
    const { before, sent } = row.row;
    const one = await this.#taken(before);
    const other = sent === 'to two' ? await this.#taken(before) : one;
    const first = await this.#sent(row, one);
    if (sent === 'once') return [first];
    return [first, await this.#sent(row, other)];
  }

  async #taken(before: Before): Promise<Prepared> {
    const ready = before === 'off' ? undefined : this.#ready[before].pop();
    if (ready !== undefined) return ready;
    const application = await preparedApplication(this.#api, before);
    return { application, reading: await this.#api.get(application.id) };
  }

  async #sent(row: PatchTableRow, prepared: Prepared): Promise<TriedPatch> {
    const { application, reading } = prepared;
    const { uriUser, formerUriUsers } = application;
    const passwords = [...application.passwords];
    const lastUser = uriUser ?? formerUriUsers.at(-1);
    const answer = await sendPatch(this.#api, application, row.row);
    const after = await this.#api.get(application.id);
    // What is refused is sent to the same one again: it has to be as it was.
    const { before } = row.row;
    if (before !== 'off' && !isSuccess(answer.status) && !this.#ready[before].includes(prepared))
      this.#ready[before].push(prepared);
    const { applicationName } = row.row.renames ? { applicationName: OTHER_NAME } : APPLICATION_SETTINGS;
    return { row, before: reading, answer, after, lastUser, passwords, applicationName };
  }
}

/** Sends the row's PATCH to the application. */
export function sendPatch(
  api: ManagementClient,
  application: Application,
  row: PatchRow,
): Promise<HttpAnswer> {
  return patchApplication(api, application, Object.fromEntries(fieldsOf(row)), TYPES[row.type]);
}

/** A new application in this state. Throws a RuleViolation where the target refuses to make it so. */
export async function preparedApplication(api: ManagementClient, before: Before): Promise<Application> {
  const application = await createApplication(api);
  const wish = before === 'off again' ? BEFORE.password : BEFORE[before];
  const change = async (changes: Readonly<Record<string, unknown>>): Promise<void> => {
    const { status } = await patchApplication(api, application, changes);
    if (!isSuccess(status))
      throw new RuleViolation(['a PATCH that the rows begin with is granted'], String(status));
  };
  if (wish.isOn)
    await change({
      inboundSipCallsEnabled: true,
      passwordAuthEnabled: wish.hasPassword,
      allowedSourceIps: wish.sources,
      allowedRegions: wish.regions,
    });
  if (before === 'off again') await change({ inboundSipCallsEnabled: false });
  return application;
}
