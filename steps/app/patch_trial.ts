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
import type { PatchTableRow } from '../../harness/model/patch_rows.ts';
import { RuleViolation } from '../../harness/verdict.ts';

const OTHER_NAME = 'renamed by a row';

/** An application in one of the states that rows begin with. */
interface Prepared {
  readonly application: Application;
  readonly reading: HttpAnswer;
}

/** Sends the PATCHes of rows, each to an application that is as the row wants it. */
export class PatchTrial {
  readonly #api: ManagementClient;
  /** Applications that the last PATCH has left as they were. */
  readonly #ready = new Map<Before, Prepared>();

  constructor(api: ManagementClient) {
    this.#api = api;
  }

  async tried(row: PatchTableRow): Promise<TriedPatch> {
    const { before } = row.row;
    const { application, reading } = this.#ready.get(before) ?? (await this.#prepared(before));
    this.#ready.delete(before);
    const { uriUser, formerUriUsers } = application;
    const passwords = [...application.passwords];
    const lastUser = uriUser ?? formerUriUsers.at(-1);
    const answer = await patchApplication(this.#api, application, bodyOf(row.row));
    const after = await this.#api.get(application.id);
    // What is refused is sent to the same one again: it has to be as it was.
    if (!isSuccess(answer.status)) this.#ready.set(before, { application, reading });
    const { applicationName } = row.row.renames ? { applicationName: OTHER_NAME } : APPLICATION_SETTINGS;
    return { row, before: reading, answer, after, lastUser, passwords, applicationName };
  }

  /** Throws a RuleViolation where the target refuses to make it so. */
  async #prepared(before: Before): Promise<Prepared> {
    const application = await createApplication(this.#api);
    const wish = before === 'off again' ? BEFORE.password : BEFORE[before];
    if (wish.isOn)
      await this.#granted(application, {
        inboundSipCallsEnabled: true,
        passwordAuthEnabled: wish.hasPassword,
        allowedSourceIps: wish.sources,
        allowedRegions: wish.regions,
      });
    if (before === 'off again') await this.#granted(application, { inboundSipCallsEnabled: false });
    return { application, reading: await this.#api.get(application.id) };
  }

  async #granted(application: Application, changes: Readonly<Record<string, unknown>>): Promise<void> {
    const { status } = await patchApplication(this.#api, application, changes);
    if (!isSuccess(status))
      throw new RuleViolation(['a PATCH that the rows begin with is granted'], String(status));
  }
}

function bodyOf({ enabled, password, sources, regions, renames }: PatchRow): Record<string, unknown> {
  return {
    ...(enabled === 'absent' ? {} : { inboundSipCallsEnabled: enabled }),
    ...(password === 'absent' ? {} : { passwordAuthEnabled: password }),
    ...(sources.kind === 'absent' ? {} : { allowedSourceIps: sources.entries }),
    ...(regions.kind === 'absent' ? {} : { allowedRegions: regions.entries }),
    ...(renames ? { applicationName: OTHER_NAME } : {}),
  };
}
