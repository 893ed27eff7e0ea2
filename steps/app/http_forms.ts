import { Then, When } from '@cucumber/cucumber';

import type { ManagementCall } from '../../harness/clients/management.ts';
import { answerCame, answeredWith, enveloped, headed, refusedAtAll } from '../../harness/expect/answers.ts';
import { anyOf, must, type Match } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { noteSettings } from './change.ts';

/** How a request says that it has no body (RFC 9112 section 6). */
const FRAMINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no length': {},
  'a length of 0': { 'content-length': '0' },
  'an empty chunk only': { 'transfer-encoding': 'chunked' },
};

const RENAMING = '{"applicationName": "renamed"}';

/** Sends what a service may take for no request at all: an answer has to come nevertheless. */
async function attempted(world: ConformanceWorld, call: ManagementCall): Promise<void> {
  const outcome = await world.api.attempt(call);
  must(answerCame(outcome));
  if ('status' in outcome) world.answer = outcome;
}

/** Rule: app.delete. */
When(
  /^the client deletes it with the content type (.+) and (no length|a length of 0|an empty chunk only)$/,
  async function (this: ConformanceWorld, type: string, framing: string) {
    const headers = FRAMINGS[framing];
    if (!headers) throw new HarnessError(`this framing is not known: ${framing}`);
    this.answer = await this.api.send({
      method: 'DELETE',
      applicationId: this.application.id,
      ...(type === 'none' ? {} : { contentType: type }),
      headers,
    });
  },
);

Then('the application is gone', async function (this: ConformanceWorld) {
  must(answeredWith(await this.api.get(this.application.id), 404, 410));
});

/** Rule: app.patch.merge-patch. */
When('the client sends the merge patch {}', async function (this: ConformanceWorld, body: string) {
  await noteSettings(this);
  this.answer = await this.api.send({
    method: 'PATCH',
    applicationId: this.application.id,
    contentType: 'application/merge-patch+json',
    body,
  });
});

/** Rule: app.patch.media-types. */
When('the client asks for its options', async function (this: ConformanceWorld) {
  this.answer = await this.api.send({ method: 'OPTIONS', applicationId: this.application.id });
});

Then('the answer names the types of a change', function (this: ConformanceWorld) {
  must(typesNamed(this));
});

Then('the answer names the types of a change, or OPTIONS is not offered', function (this: ConformanceWorld) {
  must(anyOf(typesNamed(this), answeredWith(this.answer, 405, 501)));
});

function typesNamed({ answer }: ConformanceWorld): Match {
  return headed(
    answer,
    'accept-patch',
    /\bapplication\/([\w.-]+\+)?json\b/i,
    'the types, one of JSON among them',
  );
}

/** Rule: app.odd-requests. */
When('the client asks for a tunnel', async function (this: ConformanceWorld) {
  await attempted(this, { method: 'CONNECT' });
});

When(
  'the client changes its name with the expectation {string}',
  async function (this: ConformanceWorld, expect: string) {
    await noteSettings(this);
    await attempted(this, {
      method: 'PATCH',
      applicationId: this.application.id,
      contentType: 'application/json',
      headers: { expect, 'content-length': String(RENAMING.length) },
      body: RENAMING,
    });
  },
);

Then('it is refused in an envelope', function (this: ConformanceWorld) {
  must(refusedAtAll(this.answer), enveloped(this.answer));
});
