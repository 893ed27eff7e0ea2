import {
  createEnabledApplication,
  patchApplication,
  passwordOf,
  type Application,
} from '../../../harness/clients/application.ts';
import type { Mode, Name, Row } from '../../../harness/model/decision.ts';
import type { ConformanceWorld } from '../../world.ts';
import { WRONG_PASSWORD } from '../dial.ts';

/** A user name, and the password that goes with it; to read one that was never told throws a HarnessError. */
export interface Identity {
  readonly user: string;
  readonly password: string;
}

/** The applications that rows of the decision table speak of, each made once it is needed. */
export class TableApplications {
  /** The address that lists hold. */
  readonly listed: string;
  readonly #world: ConformanceWorld;
  readonly #made = new Map<string, Promise<Application>>();
  readonly #nobody: Identity;

  constructor(world: ConformanceWorld, listed: string) {
    this.#world = world;
    this.listed = listed;
    this.#nobody = { user: world.randomness.uuid(), password: WRONG_PASSWORD };
  }

  /** An application that asks whoever calls it for a password, and for nothing else. */
  other(): Promise<Application> {
    return this.#kept('other', () => this.#make('password', 'any'));
  }

  /** Whom this name means in this row. */
  async identity({ mode, region }: Pick<Row, 'mode' | 'region'>, name: Name): Promise<Identity> {
    if (name === 'other') return identityOf(await this.other(), 'id');
    if (mode === 'unknown') return this.#nobody;
    const application = await this.#kept(`${mode}, ${region}`, () => this.#make(mode, region));
    if (name !== 'nobody') return identityOf(application, name);
    return identityOf(application, 'nobody', this.#nobody.user);
  }

  #kept(key: string, make: () => Promise<Application>): Promise<Application> {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }

  /** Every one was switched off once, so that it has had another SIP URI; one that is off stays so. */
  async #make(mode: Exclude<Mode, 'unknown'>, region: Row['region']): Promise<Application> {
    const { api } = this.#world;
    const wish = {
      passwordAuthEnabled: mode !== 'list',
      ...(mode === 'list' || mode === 'both' ? { allowedSourceIps: [`${this.listed}/32`] } : {}),
      ...(region === 'any' ? {} : { allowedRegions: [region] }),
    };
    const application = await createEnabledApplication(api, wish);
    await patchApplication(api, application, { inboundSipCallsEnabled: false });
    if (mode !== 'off') await patchApplication(api, application, { inboundSipCallsEnabled: true, ...wish });
    return application;
  }
}

function identityOf(
  application: Application,
  name: 'id' | 'uri' | 'former' | 'nobody',
  nobody = '',
): Identity {
  const { id, uriUser = id, formerUriUsers } = application;
  const users = { id, uri: uriUser, former: formerUriUsers.at(-1) ?? id, nobody };
  return {
    user: users[name],
    get password() {
      const { passwords, passwordUntold } = application;
      const wasNeverGiven = passwords.length === 0 && passwordUntold === undefined;
      return wasNeverGiven ? WRONG_PASSWORD : passwordOf(application);
    },
  };
}
