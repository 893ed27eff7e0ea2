import type { Fault } from '../fault.ts';
import { passwordShownAs } from '../kept_password.ts';

export default {
  id: 'password-in-get-after-enabling',
  rule: 'app.get.no-password',
  sentence: 'GET shows the password that the last PATCH made.',
  override: passwordShownAs('sipAuthPassword'),
} satisfies Fault;
