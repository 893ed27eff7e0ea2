import { When } from '@cucumber/cucumber';

import { formerPasswordOf } from '../../harness/clients/application.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { dialAtOnce } from '../sip/at_once.ts';
import { dial } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import { passwordBefore } from './change.ts';

/** User part of the SIP URI the application had before. */
function formerUriUser({ application }: ConformanceWorld): string {
  const user = application.formerUriUsers.at(-1);
  if (user === undefined) throw new HarnessError('the application had no other SIP URI before');
  return user;
}

/** User part of the SIP URI, or the applicationId if the target takes only that. */
function uriUser({ application, parameters }: ConformanceWorld): string {
  const taken = parameters.descriptor.userForms.includes('uriUser');
  return (taken ? application.uriUser : undefined) ?? application.id;
}

When('it is called at its SIP URI with its password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, user: uriUser(this) });
});

/** Rule: app.rotate.old-dies-at-once. */
When('it is called at its SIP URI with its former password', async function (this: ConformanceWorld) {
  const password = formerPasswordOf(this.application);
  await dial(this, { credentialsOf: this.application, password, user: uriUser(this) });
});

When('it is called at its former SIP URI', async function (this: ConformanceWorld) {
  await dial(this, { user: formerUriUser(this) });
});

/** Rule: app.reenable.fresh. */
When(
  'it is called at its former SIP URI with its former password at once',
  async function (this: ConformanceWorld) {
    await dialAtOnce(this, {
      credentialsOf: this.application,
      password: formerPasswordOf(this.application),
      user: formerUriUser(this),
    });
  },
);

When('it is called with the password from before', async function (this: ConformanceWorld) {
  const password = passwordBefore(this);
  await dial(this, { credentialsOf: this.application, password });
});

When(
  'the {customer} calls it with the password from before',
  async function (this: ConformanceWorld, customer: string) {
    const password = passwordBefore(this);
    const from = this.addressOf(customer);
    await dial(this, { from, credentialsOf: this.application, password });
  },
);
