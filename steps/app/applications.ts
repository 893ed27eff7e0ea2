import { Given, Then, When } from '@cucumber/cucumber';

import {
  createApplication,
  createEnabledApplication,
  type InboundWish,
} from '../../harness/clients/application.ts';
import {
  answeredWith,
  deletedWith,
  enveloped,
  explained,
  granted,
  showsApplication,
  silentOn,
  tellsId,
  without,
} from '../../harness/expect/answers.ts';
import { must } from '../../harness/expect/match.ts';
import { allDifferent, hasText, showsSettings } from '../../harness/expect/settings.ts';
import type { ConformanceWorld } from '../world.ts';
import { change, shown } from './change.ts';

async function enabled(world: ConformanceWorld, wish: InboundWish): Promise<void> {
  world.applications.push(await createEnabledApplication(world.api, wish));
}

Given('a voice application', async function (this: ConformanceWorld) {
  this.applications.push(await createApplication(this.api));
});

Given('a(nother) voice application with password authentication', async function (this: ConformanceWorld) {
  await enabled(this, { passwordAuthEnabled: true });
});

Given(
  "a voice application open to the {customer}'s address only",
  async function (this: ConformanceWorld, customer: string) {
    await enabled(this, { passwordAuthEnabled: false, allowedSourceIps: [`${this.addressOf(customer)}/32`] });
  },
);

Given(
  "a voice application open to the {customer}'s address only, for the region {word}",
  async function (this: ConformanceWorld, customer: string, region: string) {
    const allowedSourceIps = [`${this.addressOf(customer)}/32`];
    await enabled(this, { passwordAuthEnabled: false, allowedSourceIps, allowedRegions: [region] });
  },
);

Given(
  "a voice application with password authentication, open to the {customer}'s address only",
  async function (this: ConformanceWorld, customer: string) {
    await enabled(this, { passwordAuthEnabled: true, allowedSourceIps: [`${this.addressOf(customer)}/32`] });
  },
);

Given(
  'a voice application with password authentication for the region {word}',
  async function (this: ConformanceWorld, region: string) {
    await enabled(this, { passwordAuthEnabled: true, allowedRegions: [region] });
  },
);

Given(
  'a voice application with password authentication for the regions {word} and {word}',
  async function (this: ConformanceWorld, one: string, other: string) {
    await enabled(this, { passwordAuthEnabled: true, allowedRegions: [one, other] });
  },
);

/** Rules: app.envelope, app.get.no-password, app.get.settings. */
When('the client reads it', async function (this: ConformanceWorld) {
  this.answer = await this.api.get(this.application.id);
});

When('the client reads an application that does not exist', async function (this: ConformanceWorld) {
  this.answer = await this.api.get(this.randomness.uuid());
});

/** Rules: app.enable.password, app.reenable.fresh, app.uri.format. */
When('the client enables it with password authentication', async function (this: ConformanceWorld) {
  await change(this, { inboundSipCallsEnabled: true, passwordAuthEnabled: true });
});

/** Rules: app.cidr.accepted, app.cidr.non-public, app.cidr.rejected, app.enable.ip-only. */
When('the client allows calls from {word} only', async function (this: ConformanceWorld, prefix: string) {
  await change(this, {
    inboundSipCallsEnabled: true,
    passwordAuthEnabled: false,
    allowedSourceIps: [prefix],
  });
});

/** Rules: app.rotate.keeps-rest, app.rotate.new-password, app.rotate.old-dies-at-once. */
When('the client rotates its password', async function (this: ConformanceWorld) {
  await change(this, { passwordAuthEnabled: true });
  must(granted(this.answer));
});

/** Rules: app.disable.clears, app.disable.kills-credential, app.reenable.fresh. */
When('the client disables it', async function (this: ConformanceWorld) {
  await change(this, { inboundSipCallsEnabled: false });
  must(granted(this.answer));
});

Then('the API answers {int}', function (this: ConformanceWorld, status: number) {
  must(answeredWith(this.answer, status));
});

/** Rule: app.success-status. */
Then('the API answers 204 without a body, or 200', function (this: ConformanceWorld) {
  must(deletedWith(this.answer));
});

Then('the answer shows an application', function (this: ConformanceWorld) {
  must(showsApplication(this.answer));
});

/** Rule: app.create. */
Then('the answer tells the id of the application', function (this: ConformanceWorld) {
  must(tellsId(this.answer));
});

Then('the API grants it', function (this: ConformanceWorld) {
  must(granted(this.answer));
});

Then('the answer is an envelope', function (this: ConformanceWorld) {
  must(enveloped(this.answer));
});

Then('the answer holds a SIP URI', function (this: ConformanceWorld) {
  must(hasText(this.answer, 'sipUri', /^sip:[^@]+@[^@]+$/, 'a SIP URI'));
});

Then('the answer holds a password', function (this: ConformanceWorld) {
  must(hasText(this.answer, 'sipAuthPassword', /./su, 'a password'));
});

Then('the answer holds no password', function (this: ConformanceWorld) {
  const passwords = this.applications.flatMap((application) => application.passwords);
  must(without(this.answer, 'sipAuthPassword'), silentOn(this.answer, passwords, 'password'));
});

Then('the password is a new one', function (this: ConformanceWorld) {
  const { passwords } = this.application;
  must(allDifferent([passwords.at(-2), ...passwords.slice(0, -2), passwords.at(-1)], 'password'));
});

Then('its allowed sources are {word}', async function (this: ConformanceWorld, prefix: string) {
  must(showsSettings(await shown(this), { allowedSourceIps: [prefix] }));
});

Then('the error says {string}', function (this: ConformanceWorld, words: string) {
  const pattern = new RegExp(words.replaceAll(/[^A-Za-z0-9]+/g, '[^A-Za-z0-9]*'), 'i');
  must(explained(this.answer, pattern, words));
});

Then('the application is still disabled', async function (this: ConformanceWorld) {
  this.answer = await this.api.get(this.application.id);
  must(showsSettings(this.answer, { inboundSipCallsEnabled: false }));
});

Given('a voice application open to {word} only', async function (this: ConformanceWorld, prefix: string) {
  await enabled(this, { passwordAuthEnabled: false, allowedSourceIps: [prefix] });
});

/** Rules: app.source-ips.replaced-whole, sip.source-ips.update. */
When(
  "the client opens it to the {customer}'s address only",
  async function (this: ConformanceWorld, customer: string) {
    await change(this, { allowedSourceIps: [`${this.addressOf(customer)}/32`] });
    must(granted(this.answer));
  },
);

/** Rule: sip.region.update. */
When('the client allows the region {word} only', async function (this: ConformanceWorld, region: string) {
  await change(this, { allowedRegions: [region] });
  must(granted(this.answer));
});
