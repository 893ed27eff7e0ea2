import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

const seen = new Set<string>();

export default {
  id: 'first-password-same-for-all',
  rule: 'app.enable.password',
  sentence: 'Every application has the same password until its first rotation.',
  collateral: { 'sip.auth.wrong-password': 'the password of another application is its own' },
  override: {
    applyPatch(current, patch, context) {
      const { applicationId } = current;
      return applyPatch(current, patch, {
        ...context,
        newPassword() {
          if (seen.has(applicationId)) return context.newPassword();
          seen.add(applicationId);
          return 'not-a-password-of-its-own';
        },
      });
    },
  },
} satisfies Fault;
