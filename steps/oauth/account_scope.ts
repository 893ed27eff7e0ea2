import { Given, Then, When } from '@cucumber/cucumber';

import {
  APPLICATION_SETTINGS,
  createApplication,
  createEnabledApplication,
} from '../../harness/clients/application.ts';
import { ManagementClient, type ManagementCall } from '../../harness/clients/management.ts';
import type { KindAnswer } from '../../harness/expect/answers_alike.ts';
import { must } from '../../harness/expect/match.ts';
import { untold } from '../../harness/expect/token_answers.ts';
import type { Randomness } from '../../harness/randomness.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { enabling, JSON_TYPE } from './enabling.ts';

/** Account ids that a careless comparison takes for the own one, by the words features use. */
const NEARLY_OWN: ReadonlyMap<string, (id: string) => string> = new Map<string, (id: string) => string>([
  ['its own with one more digit', (id) => `${id}1`],
  ['its own without the last digit', (id) => id.slice(0, -1)],
  ['its own behind one more digit', (id) => `1${id}`],
  ['its own without the first digit', (id) => id.slice(1)],
]);

/** Rule: oauth.bearer.account-scope. */
When('the client of another account reads it', async function (this: ConformanceWorld) {
  const api = await strangersApi(this);
  this.answer = await api.get(this.application.id);
});

When('the client of another account enables it', async function (this: ConformanceWorld) {
  const api = await strangersApi(this);
  this.answer = await api.send(enabling(this));
});

When(
  'the client of another account makes a voice application in the first one',
  async function (this: ConformanceWorld) {
    const api = await strangersApi(this);
    this.answer = await api.create(APPLICATION_SETTINGS);
  },
);

When(
  'the client of another account reads it, and one that does not exist',
  async function (this: ConformanceWorld) {
    await compareReading(this, 'an application that does not exist', () => ({
      accountId: this.parameters.descriptor.account.id,
      applicationId: this.randomness.uuid(),
    }));
  },
);

When(
  'the client of another account reads it, and one of an account that does not exist',
  async function (this: ConformanceWorld) {
    const { id } = this.parameters.descriptor.account;
    await compareReading(this, 'one of an account that does not exist', () => ({
      accountId: otherDigits(id, this.randomness),
      applicationId: this.application.id,
    }));
  },
);

When('the client of another account reads it under its own account', async function (this: ConformanceWorld) {
  await askUnderOwnAccount(this, { method: 'GET' });
});

When(
  'the client of another account disables it under its own account',
  async function (this: ConformanceWorld) {
    const body = JSON.stringify({ inboundSipCallsEnabled: false });
    await askUnderOwnAccount(this, { method: 'PATCH', contentType: JSON_TYPE, body });
  },
);

When(
  'the client of another account deletes it under its own account',
  async function (this: ConformanceWorld) {
    await askUnderOwnAccount(this, { method: 'DELETE' });
  },
);

When('the client of another account lists its applications', async function (this: ConformanceWorld) {
  const api = await strangersApi(this);
  this.answer = await api.send({ method: 'GET', accountId: otherAccountId(this) });
});

When('the client reads it under another account', async function (this: ConformanceWorld) {
  const call = { method: 'GET', accountId: otherAccountId(this), applicationId: this.application.id };
  this.answer = await this.api.send(call);
});

When(
  new RegExp(`^the client reads it under the account (${[...NEARLY_OWN.keys()].join('|')})$`),
  function (this: ConformanceWorld, name: string) {
    return askUnderNearlyOwn(this, name, { method: 'GET', applicationId: this.application.id });
  },
);

When(
  new RegExp(`^the client enables it under the account (${[...NEARLY_OWN.keys()].join('|')})$`),
  function (this: ConformanceWorld, name: string) {
    return askUnderNearlyOwn(this, name, enabling(this));
  },
);

Given('a voice application of another account', async function (this: ConformanceWorld) {
  this.applications.push(await createApplication(await strangersOwnApi(this)));
});

Given(
  "a voice application of another account, open to the {customer}'s address only",
  async function (this: ConformanceWorld, customer: string) {
    if (!this.parameters.descriptor.otherAccount) {
      const reason = "the target's descriptor names no other account";
      return this.withhold({ verdict: 'skipped', reason });
    }
    const wish = { passwordAuthEnabled: false, allowedSourceIps: [`${this.addressOf(customer)}/32`] };
    this.applications.push(await createEnabledApplication(await strangersOwnApi(this), wish));
    return undefined;
  },
);

Then('no application of the first account is listed', function (this: ConformanceWorld) {
  must(untold(this.answer, [this.application.id]));
});

Then('the answer tells nothing of the application', function (this: ConformanceWorld) {
  const { id, uriUser } = this.application;
  const { applicationName, callInitiatedCallbackUrl } = APPLICATION_SETTINGS;
  const uriUsers = uriUser === undefined || uriUser === id ? [] : [uriUser];
  must(untold(this.answer, [applicationName, callInitiatedCallbackUrl, ...uriUsers]));
});

/** Our account's API with a token of the other account's client, once the token has opened that other account. */
async function strangersApi(world: ConformanceWorld): Promise<ManagementClient> {
  await strangersOwnApi(world);
  return clientOfStrangers(world, world.parameters.descriptor.account.id);
}

/** The other account's API with a token of its client, once the token has opened it. */
async function strangersOwnApi(world: ConformanceWorld): Promise<ManagementClient> {
  const api = clientOfStrangers(world, otherAccountId(world));
  const own = await api.get(world.randomness.uuid());
  if (own.status === 401 || own.status === 403) {
    throw new HarnessError(
      `the token of the other account's client does not open that account (${own.status}): is otherAccount.id in ` +
        "the target's descriptor the account of the client it names?",
    );
  }
  return api;
}

function clientOfStrangers(
  { bench, journal, parameters }: ConformanceWorld,
  accountId: string,
): ManagementClient {
  if (bench.otherTokens === undefined) throw new HarnessError('there is no other account');
  return new ManagementClient(journal, bench.otherTokens, parameters.place.api.baseUrl, accountId);
}

function otherAccountId({ parameters }: ConformanceWorld): string {
  const { otherAccount } = parameters.descriptor;
  if (otherAccount === undefined) throw new HarnessError('there is no other account');
  return otherAccount.id;
}

/** Asks with our own token, under an account whose id is made of our own. Nothing is asked where no id is left. */
async function askUnderNearlyOwn(
  world: ConformanceWorld,
  name: string,
  call: ManagementCall,
): Promise<'skipped' | undefined> {
  const accountId = NEARLY_OWN.get(name)?.(world.parameters.descriptor.account.id) ?? '';
  if (accountId === '') {
    return world.withhold({ verdict: 'skipped', reason: "the account's id has one digit only" });
  }
  world.answer = await world.api.send({ ...call, accountId });
  return undefined;
}

/** Asks for our application as one of the other account's. */
async function askUnderOwnAccount(
  world: ConformanceWorld,
  call: Pick<ManagementCall, 'method' | 'contentType' | 'body'>,
): Promise<void> {
  const api = await strangersOwnApi(world);
  world.answer = await api.send({ ...call, applicationId: world.application.id });
}

/** Reads our application and one that does not exist as the other account's client, twice each, in turn. */
async function compareReading(
  world: ConformanceWorld,
  absent: string,
  absentOne: () => { readonly accountId: string; readonly applicationId: string },
): Promise<void> {
  const api = await strangersApi(world);
  const read = async (accountId: string, applicationId: string): Promise<KindAnswer> => ({
    answer: await api.send({ method: 'GET', accountId, applicationId }),
    ownNames: [accountId, applicationId],
  });
  const readOurs = (): Promise<KindAnswer> =>
    read(world.parameters.descriptor.account.id, world.application.id);
  const readAbsent = (): Promise<KindAnswer> => {
    const { accountId, applicationId } = absentOne();
    return read(accountId, applicationId);
  };
  const [oneOurs, oneAbsent] = [await readOurs(), await readAbsent()];
  const [twoOurs, twoAbsent] = [await readOurs(), await readAbsent()];
  world.kinds = [
    { asked: 'an application of the first account', answers: [oneOurs, twoOurs] },
    { asked: absent, answers: [oneAbsent, twoAbsent] },
  ];
}

/** An id of the same form, with every digit changed. */
function otherDigits(id: string, randomness: Randomness): string {
  return id.replaceAll(/\d/g, (digit) => String((Number(digit) + randomness.integer(1, 10)) % 10));
}
