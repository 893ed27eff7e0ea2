import { Then, When } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import type { KindAnswer } from '../../harness/expect/answers_alike.ts';
import { must } from '../../harness/expect/match.ts';
import { untold } from '../../harness/expect/token_answers.ts';
import type { Randomness } from '../../harness/randomness.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { enabling } from './enabling.ts';

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

Then('the answer tells nothing of the application', function (this: ConformanceWorld) {
  const { id, uriUser } = this.application;
  const { applicationName, callInitiatedCallbackUrl } = APPLICATION_SETTINGS;
  const uriUsers = uriUser === undefined || uriUser === id ? [] : [uriUser];
  must(untold(this.answer, [applicationName, callInitiatedCallbackUrl, ...uriUsers]));
});

/** Our account's API with a token of the other account's client, once the token has opened that other account. */
async function strangersApi(world: ConformanceWorld): Promise<ManagementClient> {
  const { descriptor, place } = world.parameters;
  const { otherAccount, account } = descriptor;
  const tokens = world.bench.otherTokens;
  if (otherAccount === undefined || tokens === undefined) throw new HarnessError('there is no other account');
  const api = new ManagementClient(world.journal, tokens, place.api.baseUrl, account.id);
  const applicationId = world.randomness.uuid();
  const own = await api.send({ method: 'GET', accountId: otherAccount.id, applicationId });
  if (own.status === 401 || own.status === 403) {
    throw new HarnessError(
      `the token of the other account's client does not open that account (${own.status}): is otherAccount.id in ` +
        "the target's descriptor the account of the client it names?",
    );
  }
  return api;
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
