import { When } from '@cucumber/cucumber';

import { basicForm, RIGHT_FORMS, WRONG_FORMS } from '../../harness/clients/basic_forms.ts';
import { basicCredentials, sendTokenRequest, type TokenRequest } from '../../harness/clients/oauth.ts';
import type { ConformanceWorld } from '../world.ts';
import { guessed } from './issued_token.ts';

const GRANT = 'grant_type=client_credentials';

/** Rules: oauth.token.forms, oauth.token.invalid-client. CREDENTIALS stands for what HTTP Basic makes of id and secret. */
When(
  'the client asks for a token with the Authorization {string}',
  async function (this: ConformanceWorld, value: string) {
    const [, credentials = ''] = basicCredentials(this.bench.client).split(' ');
    const authorization = value.replaceAll('CREDENTIALS', credentials);
    this.answer = await asked(this, { authorization });
  },
);

When(
  new RegExp(`^the client asks for a token with (${RIGHT_FORMS.join('|')})$`),
  async function (this: ConformanceWorld, form: string) {
    this.answer = await asked(this, { authorization: basicForm(form, this.bench.client) });
  },
);

/** Rule: oauth.token.invalid-client. */
When(
  new RegExp(`^somebody asks for a token with (${WRONG_FORMS.join('|')})$`),
  async function (this: ConformanceWorld, form: string) {
    this.answer = await guessed(this, { authorization: basicForm(form, this.bench.client) });
  },
);

/** Rules: oauth.token.bad-request, oauth.token.forms. */
When(
  'the client asks for a token with the form {string} as {string}',
  async function (this: ConformanceWorld, form: string, contentType: string) {
    this.answer = await asked(this, { ...own(this), form, contentType });
  },
);

/** Rule: oauth.token.one-method. */
When(
  'the client asks for a token with its id and secret in the header, and again in the form',
  async function (this: ConformanceWorld) {
    const { id, secret } = this.bench.client;
    const form = `${GRANT}&${new URLSearchParams({ client_id: id, client_secret: secret }).toString()}`;
    this.answer = await asked(this, { ...own(this), form });
  },
);

When(
  'the client asks for a token with its id and secret in the header, and {word} as its secret in the form',
  async function (this: ConformanceWorld, secret: string) {
    this.answer = await asked(this, { ...own(this), form: `${GRANT}&client_secret=${secret}` });
  },
);

/** Rule: oauth.token.post. */
When('the client asks for a token by {word}', async function (this: ConformanceWorld, method: string) {
  const { journal, parameters } = this;
  this.answer = await journal.send({
    method,
    url: `${parameters.place.api.tokenUrl}?${GRANT}`,
    headers: { ...own(this) },
  });
});

function own({ bench }: ConformanceWorld): { readonly authorization: string } {
  return { authorization: basicCredentials(bench.client) };
}

function asked({ journal, parameters }: ConformanceWorld, request: TokenRequest) {
  return sendTokenRequest(journal, parameters.place.api.tokenUrl, request);
}
