import { When } from '@cucumber/cucumber';
import { HarnessError } from '../../harness/verdict.ts';
import { noted } from './change.ts';
import { dial } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';

/** User part of the SIP URI the application had before. */
function formerUriUser({ application }: ConformanceWorld): string {
  const user = application.formerUriUsers.at(-1);
  if (user === undefined) throw new HarnessError('the application had no other SIP URI before');
  return user;
}

/** User part of the SIP URI, or the applicationId where the target takes no other. */
function uriUser({ application, parameters }: ConformanceWorld): string {
  const taken = parameters.descriptor.userForms.includes('uriUser');
  return (taken ? application.uriUser : undefined) ?? application.id;
}

When('it is called at its SIP URI with its password', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-digest', credentialsOf: this.application, user: uriUser(this) });
});

When('it is called at its former SIP URI, which is to be refused', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-refused', user: formerUriUser(this) });
});

When(
  'it is called at its former SIP URI with its former password, which is to be refused',
  async function (this: ConformanceWorld) {
    await dial(this, {
      scenario: 'invite-digest-refused',
      credentialsOf: this.application,
      password: this.application.passwords.at(-2),
      user: formerUriUser(this),
    });
  },
);

When('it is called with the password from before', async function (this: ConformanceWorld) {
  const { password } = noted(this);
  await dial(this, { scenario: 'invite-digest', credentialsOf: this.application, password });
});

When(
  'the {customer} calls it with the password from before',
  async function (this: ConformanceWorld, customer: string) {
    const { password } = noted(this);
    const from = this.addressOf(customer);
    await dial(this, { scenario: 'invite-digest', from, credentialsOf: this.application, password });
  },
);

When('it is called without credentials, which is to be let in', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-ip' });
});

When(
  'the {customer} calls it without credentials, which is to be challenged',
  async function (this: ConformanceWorld, customer: string) {
    await dial(this, { scenario: 'invite-challenge', from: this.addressOf(customer) });
  },
);
