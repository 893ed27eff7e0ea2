import { defineParameterType, Given, Then, When, type DataTable } from '@cucumber/cucumber';

import { createEnabledApplication } from '../../harness/clients/application.ts';
import { answeredWith, granted } from '../../harness/expect/answers.ts';
import { must } from '../../harness/expect/match.ts';
import { allDifferent, hasSipUri, keptSettings, showsSettings } from '../../harness/expect/settings.ts';
import type { ConformanceWorld } from '../world.ts';
import { change, jsonValue, formerReading, settingsOf, shown, singleAddresses } from './change.ts';

defineParameterType({
  name: 'json',
  regexp: /\[.*\]|\{.*\}|".*"|true|false|null|-?\d+(?:\.\d+)?/,
  transformer: jsonValue,
});

Given('a voice application enabled with', async function (this: ConformanceWorld, table: DataTable) {
  this.applications.push(await createEnabledApplication(this.api, settingsOf(table)));
});

/**
 * Rules: app.disabled-settings, app.enable.layered, app.last-mechanism, app.password-off, app.patch.atomic,
 * app.unknown-fields.
 */
When('the client changes it to', async function (this: ConformanceWorld, table: DataTable) {
  await change(this, settingsOf(table));
});

/**
 * Rules: app.enable.needs-auth-mode, app.last-mechanism, app.password-off, app.regions.only, app.regions.unknown,
 * app.text, hard.callback-url.
 */
When(
  'the client sets {word} to {json}',
  async function (this: ConformanceWorld, name: string, value: unknown) {
    await change(this, { [name]: value });
  },
);

/** Rules: app.cidr.malformed, app.enable.ip-only, app.enable.needs-auth-mode. */
When(
  'the client enables it with {word} {json}',
  async function (this: ConformanceWorld, name: string, value: unknown) {
    await change(this, { inboundSipCallsEnabled: true, [name]: value });
  },
);

/** Rules: app.cidr.malformed, app.cidr.reasons. */
When(
  'the client lists 203.0.113.0\\/24 and then {json}',
  async function (this: ConformanceWorld, entry: unknown) {
    await change(this, { inboundSipCallsEnabled: true, allowedSourceIps: ['203.0.113.0/24', entry] });
  },
);

/** Rule: app.cidr.limit. */
When('the client allows calls from {int} addresses', async function (this: ConformanceWorld, count: number) {
  await change(this, { inboundSipCallsEnabled: true, allowedSourceIps: singleAddresses(count) });
});

/** Rules: app.cidr.limit, app.cidr.malformed. */
When(
  'the client allows calls from {int} addresses, the last one like the first',
  async function (this: ConformanceWorld, count: number) {
    const different = singleAddresses(count - 1);
    const allowedSourceIps = [...different, ...different.slice(0, 1)];
    await change(this, { inboundSipCallsEnabled: true, allowedSourceIps });
  },
);

When(
  'the client allows calls from {int} addresses and, last, from 0.0.0.0\\/0',
  async function (this: ConformanceWorld, count: number) {
    const allowedSourceIps = [...singleAddresses(count), '0.0.0.0/0'];
    await change(this, { inboundSipCallsEnabled: true, allowedSourceIps });
    must(granted(this.answer));
  },
);

When('the client lists the applications', async function (this: ConformanceWorld) {
  this.answer = await this.api.list();
});

When('the client deletes it', async function (this: ConformanceWorld) {
  this.answer = await this.api.delete(this.application.id);
});

Then('the answer shows', async function (this: ConformanceWorld, table: DataTable) {
  must(showsSettings(await shown(this), settingsOf(table)));
});

Then('reading it shows', async function (this: ConformanceWorld, table: DataTable) {
  this.answer = await this.api.get(this.application.id);
  must(answeredWith(this.answer, 200), showsSettings(this.answer, settingsOf(table)));
});

Then('its allowed sources are those {int} addresses', async function (this: ConformanceWorld, count: number) {
  must(showsSettings(await shown(this), { allowedSourceIps: singleAddresses(count) }));
});

Then('nothing about it has changed', async function (this: ConformanceWorld) {
  must(keptSettings(formerReading(this), await this.api.get(this.application.id)));
});

Then('nothing but {word} has changed', async function (this: ConformanceWorld, name: string) {
  must(keptSettings(formerReading(this), await this.api.get(this.application.id), [name]));
});

Then(
  'the answer holds a SIP URI of a UUID and the documented domain',
  async function (this: ConformanceWorld) {
    must(hasSipUri(await shown(this), this.parameters.descriptor.realm));
  },
);

Then('the SIP URI is a new one', function (this: ConformanceWorld) {
  const { formerUriUsers, uriUser } = this.application;
  must(allDifferent([formerUriUsers.at(-1), ...formerUriUsers.slice(0, -1), uriUser], 'SIP URI'));
});

Then('the two have different SIP URIs and passwords', function (this: ConformanceWorld) {
  const { application: one, otherApplication: other } = this;
  must(
    allDifferent([one.uriUser, other.uriUser], 'SIP URI'),
    allDifferent([one.passwords.at(-1), other.passwords.at(-1)], 'password'),
  );
});
