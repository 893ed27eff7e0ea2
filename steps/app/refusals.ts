import { Then, When, type DataTable } from '@cucumber/cucumber';

import type { ManagementCall } from '../../harness/clients/management.ts';
import { flawedPatch } from '../../harness/clients/request_flaw.ts';
import { answeredWith, envelopedOrEmpty, granted, headed } from '../../harness/expect/answers.ts';
import { anyOf, must, type Match } from '../../harness/expect/match.ts';
import { errorsAbout, oneErrorEach } from '../../harness/expect/refusals.ts';
import { keptSettings, showsSettings } from '../../harness/expect/settings.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { change, formerReading, noteSettings, settingsOf } from './change.ts';

const JSON_TYPE = 'application/json';

/** Ids of applications that do not exist, each made from one that does; any other id stands for itself. */
const OTHER_IDS: ReadonlyMap<string, (world: ConformanceWorld) => string> = new Map<
  string,
  (world: ConformanceWorld) => string
>([
  ['of nobody', ({ randomness }) => randomness.uuid()],
  ['its own without its end', ({ application: { id } }) => id.slice(0, -1)],
  ['its own with more at its end', ({ application: { id } }) => `${id}0`],
  ['its own with another end', ({ application: { id } }) => id.slice(0, -1) + (id.endsWith('0') ? '1' : '0')],
]);

/** Sends a PATCH with this very body, which need not be JSON. */
async function patchWith(
  world: ConformanceWorld,
  body: NonNullable<ManagementCall['body']>,
  contentType = JSON_TYPE,
): Promise<void> {
  await noteSettings(world);
  world.answer = await world.api.send({
    method: 'PATCH',
    applicationId: world.application.id,
    contentType,
    body,
  });
}

/** Rules: app.envelope, app.errors, app.errors.order. */
When('the client sends a change with {}', async function (this: ConformanceWorld, flaws: string) {
  const call = flawedPatch(this.application.id, flaws.split(', '), this.randomness);
  if (!call) throw new HarnessError(`one of these flaws is not known: ${flaws}`);
  await noteSettings(this);
  this.answer = await this.api.send(call);
});

When('the client sends {word} for it', async function (this: ConformanceWorld, method: string) {
  await noteSettings(this);
  this.answer = await this.api.send({ method, applicationId: this.application.id });
});

/** Rule: app.errors. */
When(
  /^the client sends (GET|PATCH|DELETE) for the application with the id (.+)$/,
  async function (this: ConformanceWorld, method: string, id: string) {
    await noteSettings(this);
    const renaming = { contentType: JSON_TYPE, body: '{"applicationName": "renamed"}' };
    this.answer = await this.api.send({
      method,
      applicationId: OTHER_IDS.get(id)?.(this) ?? id,
      ...(method === 'PATCH' ? renaming : {}),
    });
  },
);

When('the client sends {word} for the collection', async function (this: ConformanceWorld, method: string) {
  this.answer = await this.api.send({ method });
});

When('the client sends the body {}', async function (this: ConformanceWorld, body: string) {
  await patchWith(this, body);
});

When('the client sends an empty body', async function (this: ConformanceWorld) {
  await patchWith(this, '');
});

When('the client sends a body that is not UTF-8', async function (this: ConformanceWorld) {
  await patchWith(this, new Uint8Array(Buffer.from('{"applicationName": "\xff\xfe"}', 'latin1')));
});

When(
  'the client sends a change of its name as {string}',
  async function (this: ConformanceWorld, contentType: string) {
    await patchWith(this, '{"applicationName": "renamed"}', contentType);
  },
);

When(
  'the client sets {word} to {int} nested lists',
  async function (this: ConformanceWorld, name: string, depth: number) {
    await patchWith(this, `{"${name}": ${'['.repeat(depth)}${']'.repeat(depth)}}`);
  },
);

When(
  /^the client sets (\w+) to a (string|list with a string) of (\d+) characters$/,
  async function (this: ConformanceWorld, name: string, kind: string, length: string) {
    const text = '2'.repeat(Number(length));
    await change(this, { [name]: kind === 'string' ? text : [text] });
  },
);

When(
  'the client sets {word} to a list of {int} numbers',
  async function (this: ConformanceWorld, name: string, count: number) {
    await change(this, { [name]: Array.from({ length: count }, () => 7) });
  },
);

When('the client creates an application with', async function (this: ConformanceWorld, table: DataTable) {
  this.answer = await this.api.create(settingsOf(table));
});

Then('the API answers {int} or {int}', function (this: ConformanceWorld, one: number, other: number) {
  must(answeredWith(this.answer, one, other));
});

Then(
  'the API answers {int}, {int} or {int}',
  function (this: ConformanceWorld, one: number, other: number, third: number) {
    must(answeredWith(this.answer, one, other, third));
  },
);

Then('the answer has no body, or is an envelope', function (this: ConformanceWorld) {
  must(envelopedOrEmpty(this.answer));
});

Then('the answer says which methods are taken', function (this: ConformanceWorld) {
  must(headed(this.answer, 'allow', /\bPATCH\b/, 'the methods, PATCH among them'));
});

Then(/^the error is about ([^\s,]+)$/, function (this: ConformanceWorld, field: string) {
  must(errorsAbout(this.answer, [field]));
});

Then(
  /^the error is about ([^\s,]+) or ([^\s,]+)$/,
  function (this: ConformanceWorld, one: string, other: string) {
    must(anyOf(errorsAbout(this.answer, [one]), errorsAbout(this.answer, [other])));
  },
);

Then('there is one error about each of', function (this: ConformanceWorld, table: DataTable) {
  must(
    oneErrorEach(
      this.answer,
      table.raw().map(([field = '']) => field),
    ),
  );
});

Then(
  'it is refused and nothing has changed, or {word} is {json} or {json}',
  async function (this: ConformanceWorld, name: string, one: unknown, other: unknown) {
    must(anyOf(granted(this.answer), answeredWith(this.answer, 400)));
    const present = await this.api.get(this.application.id);
    const shows = (value: unknown): Match => showsSettings(present, { [name]: value });
    must(
      this.answer.status === 400
        ? keptSettings(formerReading(this), present)
        : anyOf(shows(one), shows(other)),
    );
  },
);
