import { When } from '@cucumber/cucumber';

import { FORGERY_NAMES, forgedToken } from '../../harness/clients/forged_token.ts';
import type { ConformanceWorld } from '../world.ts';
import { issuedToken, lastToken } from './issued_token.ts';

/** Rule: oauth.bearer.required. */
When(
  new RegExp(`^the client reads it with (${FORGERY_NAMES.join('|')})$`),
  async function (this: ConformanceWorld, name: string) {
    const { token } = await issuedToken(this, this.bench.client);
    const other = await issuedToken(this, this.bench.client);
    const authorization = `Bearer ${forgedToken(name, token, other.token)}`;
    this.answer = await this.api.getWith(this.application.id, authorization);
  },
);

When(
  new RegExp(`^the client reads it with (${FORGERY_NAMES.join('|')}) made of the same one$`),
  async function (this: ConformanceWorld, name: string) {
    const { token } = lastToken(this);
    const other = await issuedToken(this, this.bench.client);
    const authorization = `Bearer ${forgedToken(name, token, other.token)}`;
    this.answer = await this.api.getWith(this.application.id, authorization);
  },
);

/** Rules: oauth.bearer.forms, oauth.bearer.required. TOKEN stands for a good token. */
When(
  'the client reads it with the Authorization {string}',
  async function (this: ConformanceWorld, value: string) {
    const { token } = await issuedToken(this, this.bench.client);
    this.answer = await this.api.getWith(this.application.id, value.replaceAll('TOKEN', token));
  },
);
