import { Then, When } from '@cucumber/cucumber';

import { MISPLACEMENTS, misplaced } from '../../harness/clients/misplaced_secret.ts';
import { must } from '../../harness/expect/match.ts';
import { logSilent, refusalSilent, type Secret } from '../../harness/expect/secrets.ts';
import { resultsOf } from '../../harness/traffic/exchange.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { targetLogOf } from './target_log.ts';

/** What the client of a scenario has to keep to itself. The token may be replaced while the scenario goes on. */
async function secretsOf({ application, bench }: ConformanceWorld): Promise<Secret[]> {
  return [
    { what: 'the access token', text: await bench.tokens.token() },
    { what: "the client's secret", text: bench.client.secret },
    ...application.passwords.map((text) => ({ what: 'the sipAuthPassword', text })),
  ];
}

/** The secrets in every form that a header field has. */
async function watchedBy(world: ConformanceWorld): Promise<Secret[]> {
  const { id, secret } = world.bench.client;
  const text = Buffer.from(`${id}:${secret}`).toString('base64');
  return [...(await secretsOf(world)), { what: "the client's Basic credentials", text }];
}

const sent = new WeakMap<ConformanceWorld, { readonly place: string; readonly secrets: readonly Secret[] }>();

async function sendSecrets(world: ConformanceWorld, place: string): Promise<void> {
  const secrets = await secretsOf(world);
  const { api, journal, bench, application } = world;
  const { tokenUrl } = world.parameters.place.api;
  const asking = { api, journal, tokenUrl, client: bench.client, applicationId: application.id };
  for (const { text } of secrets) {
    journal.hide(text);
    const answer = await misplaced(text, place, asking);
    if (!answer) throw new HarnessError(`no secret can be sent ${place}`);
    world.answer = answer;
  }
  sent.set(world, { place, secrets: [...secrets, ...(await watchedBy(world))] });
}

/** Rule: hard.secrets.leak. */
When(/^the client sends each of its secrets (.+)$/, async function (this: ConformanceWorld, place: string) {
  await sendSecrets(this, place);
});

/** Rule: hard.secrets.leak. */
When('the client sends its secrets wherever it can', async function (this: ConformanceWorld) {
  for (const place of MISPLACEMENTS) await sendSecrets(this, place);
});

Then('no refusal shows a secret', function (this: ConformanceWorld) {
  const { place, secrets } = sent.get(this) ?? { place: '', secrets: [] };
  must(...resultsOf(this.exchanges, 'answer').map((answer) => refusalSilent(answer, secrets, place)));
});

Then("the target's log shows none of them", async function (this: ConformanceWorld) {
  const secrets = [...(sent.get(this)?.secrets ?? []), ...(await watchedBy(this))];
  const log = await targetLogOf(this);
  if (log === 'skipped') return log;
  must(logSilent(log.lines, secrets, log.file));
  return undefined;
});
