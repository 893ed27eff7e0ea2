import type { Fault } from '../fault.ts';
import { passwordShownAs } from '../kept_password.ts';

export default {
  id: 'password-in-get-under-another-name',
  rule: 'app.get.no-password',
  sentence: 'GET shows the password as a member of another name.',
  override: passwordShownAs('password'),
} satisfies Fault;
