import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { formatIpv4Prefix } from '../net/ipv4_prefix.ts';
import { credentialOf, type VoiceApplication } from '../store/model/voice_application.ts';
import { plainProfile } from '../testing/plain_profile.ts';
import { applyPatch, type PatchContext } from './application_patch.ts';
import type { ApplicationPatch } from './patch_checks.ts';

const DOMAIN = 'sip-uri.voice-api.example';
const CREATED: VoiceApplication = {
  applicationId: '15f99d57-f823-4718-80cc-5d95d5b83e59',
  accountId: '9900000',
  profile: {
    ...plainProfile('My Voice App'),
    callInitiatedFallbackUrl: 'https://app.example/fallback',
  },
  inbound: null,
};

/** A context that numbers and lists what is drawn from it. */
function countingContext(): PatchContext & { drawn: string[] } {
  const drawn: string[] = [];
  const draw = (kind: string): string => {
    const value = `${kind}-${drawn.length}`;
    drawn.push(value);
    return value;
  };
  return {
    drawn,
    newUuid: () => draw('uuid'),
    newPassword: () => draw('password'),
    callbackRefusal: (url) => (url.includes('10.0.0.1') ? 'is not public' : undefined),
    domain: DOMAIN,
    regions: ['US', 'EU'],
  };
}

const context = countingContext();

/** Applies the patches, which must all be accepted. Returns the application and the last one-time password. */
function after(...patches: ApplicationPatch[]): { app: VoiceApplication; password: string | undefined } {
  let app = CREATED;
  let password: string | undefined;
  for (const patch of patches) {
    const outcome = applyPatch(app, patch, context);
    assert.ok(outcome.next, JSON.stringify(outcome));
    app = outcome.next;
    password = outcome.oneTimePassword;
  }
  return { app, password };
}

/** Applies a patch that must be refused. Returns the fields its errors name. */
function refusedFields(app: VoiceApplication, patch: ApplicationPatch): string[] {
  const outcome = applyPatch(app, patch, context);
  assert.ok(outcome.next === undefined, 'the patch was accepted');
  for (const { reason } of outcome.errors) assert.ok(reason.length > 10);
  return outcome.errors.map(({ field }) => field);
}

const WITH_PASSWORD = { inboundSipCallsEnabled: true, passwordAuthEnabled: true };
const IP_ONLY = { inboundSipCallsEnabled: true, allowedSourceIps: ['203.0.113.0/24'] };
const LAYERED = { ...WITH_PASSWORD, ...IP_ONLY, allowedRegions: ['US'] };

describe('enabling', () => {
  test('with password auth makes a URI user, a password and its hashes (app.enable.password)', () => {
    const { app, password } = after(WITH_PASSWORD);
    assert.ok(app.inbound);
    assert.ok(password);
    assert.notEqual(app.inbound.uriUser, app.applicationId);
    const expected = credentialOf(app.applicationId, app.inbound.uriUser, DOMAIN, password);
    assert.deepEqual(app.inbound.credential, expected);
    assert.notDeepEqual(expected.applicationId, expected.uriUser);
    assert.deepEqual([app.inbound.allowedSources, app.inbound.allowedRegions], [[], []]);
  });

  test('with source addresses alone makes a URI and no password (app.enable.ip-only)', () => {
    const { app, password } = after({ ...IP_ONLY, passwordAuthEnabled: false });
    assert.equal(password, undefined);
    assert.equal(app.inbound?.credential, null);
    assert.deepEqual(app.inbound?.allowedSources.map(formatIpv4Prefix), ['203.0.113.0/24']);
  });

  test('with both keeps both (app.enable.layered)', () => {
    const { app, password } = after(LAYERED);
    assert.ok(password && app.inbound?.credential);
    assert.equal(app.inbound.allowedSources.length, 1);
    assert.deepEqual(app.inbound.allowedRegions, ['US']);
  });

  test('with neither is refused (app.enable.needs-auth-mode)', () => {
    assert.deepEqual(refusedFields(CREATED, { inboundSipCallsEnabled: true }), ['inboundSipCallsEnabled']);
    const off = { inboundSipCallsEnabled: true, passwordAuthEnabled: false };
    assert.deepEqual(refusedFields(CREATED, off), ['passwordAuthEnabled']);
    const none = { ...off, allowedSourceIps: [] };
    assert.deepEqual(refusedFields(CREATED, none), ['passwordAuthEnabled', 'allowedSourceIps']);
  });

  test('again keeps URI and password', () => {
    const { app } = after(LAYERED);
    assert.deepEqual(applyPatch(app, { inboundSipCallsEnabled: true }, context), { next: app });
  });
});

describe('changing', () => {
  test('passwordAuthEnabled: true makes a new password and keeps the rest (app.rotate.*)', () => {
    const { app, password } = after(LAYERED);
    const rotated = applyPatch(app, { passwordAuthEnabled: true }, context);
    assert.ok(rotated.next !== undefined);
    assert.ok(rotated.next.inbound && app.inbound);
    assert.ok(rotated.oneTimePassword);
    assert.notEqual(rotated.oneTimePassword, password);
    assert.notDeepEqual(rotated.next.inbound.credential, app.inbound.credential);
    const rest = { ...rotated.next.inbound, credential: app.inbound.credential };
    assert.deepEqual({ ...rotated.next, inbound: rest }, app);
  });

  test('regions, or source addresses, changes nothing else', () => {
    const { app } = after(LAYERED);
    const regions = applyPatch(app, { allowedRegions: ['EU', 'US'] }, context);
    assert.deepEqual(regions, {
      next: { ...app, inbound: { ...app.inbound, allowedRegions: ['EU', 'US'] } },
    });
    const sources = applyPatch(app, { allowedSourceIps: ['198.51.100.7/32'] }, context);
    const allowedSources = [{ network: 0xc6336407, mask: 0xffffffff }];
    assert.deepEqual(sources, { next: { ...app, inbound: { ...app.inbound, allowedSources } } });
    assert.deepEqual(after(LAYERED, { allowedRegions: [] }).app.inbound?.allowedRegions, []);
  });

  test('password auth can be added to source addresses, and switched off again (app.password-off)', () => {
    const { app, password } = after(IP_ONLY, { passwordAuthEnabled: true });
    assert.ok(password && app.inbound?.credential);
    const off = applyPatch(app, { passwordAuthEnabled: false }, context);
    assert.deepEqual(off, { next: { ...app, inbound: { ...app.inbound, credential: null } } });
  });

  test('the last mechanism cannot be removed (app.last-mechanism)', () => {
    assert.deepEqual(refusedFields(after(WITH_PASSWORD).app, { passwordAuthEnabled: false }), [
      'passwordAuthEnabled',
    ]);
    assert.deepEqual(refusedFields(after(IP_ONLY).app, { allowedSourceIps: [] }), ['allowedSourceIps']);
    const swapped = after(WITH_PASSWORD, {
      passwordAuthEnabled: false,
      allowedSourceIps: ['203.0.113.9/32'],
    });
    assert.equal(swapped.app.inbound?.credential, null);
  });

  test('a callback URL that is not called, whatever else the patch holds (hard.callback-url)', () => {
    const callStatusCallbackUrl = 'http://10.0.0.1/';
    const { app } = after(WITH_PASSWORD);
    for (const [state, patch, others] of [
      [CREATED, {}, []],
      [CREATED, { passwordAuthEnabled: true }, ['passwordAuthEnabled']],
      [app, { passwordAuthEnabled: true }, []],
      [app, { allowedRegions: ['us'] }, ['allowedRegions[0]']],
    ] as const) {
      const drawn = context.drawn.length;
      const fields = refusedFields(state, { ...patch, callStatusCallbackUrl });
      assert.deepEqual(fields, ['callStatusCallbackUrl', ...others]);
      assert.equal(context.drawn.length, drawn);
    }
  });

  test('unknown, misspelt and repeated regions are refused (app.regions.unknown)', () => {
    const { app } = after(LAYERED);
    const fields = refusedFields(app, { allowedRegions: ['US', 'us', 'EU', 'US', ''] });
    assert.deepEqual(fields, ['allowedRegions[1]', 'allowedRegions[4]', 'allowedRegions[3]']);
  });

  test('a patch with errors in several fields reports them all', () => {
    const patch = { ...WITH_PASSWORD, allowedSourceIps: ['10.0.0.0/8'], allowedRegions: ['XX'] };
    assert.deepEqual(refusedFields(CREATED, patch), ['allowedSourceIps[0]', 'allowedRegions[0]']);
  });

  test('name and webhooks changes nothing else, and null clears an optional webhook', () => {
    const { app } = after(LAYERED);
    const profile = { ...app.profile, applicationName: 'Renamed', callInitiatedFallbackUrl: null };
    const patch = { applicationName: 'Renamed', callInitiatedFallbackUrl: null, callStatusMethod: undefined };
    assert.deepEqual(applyPatch(app, patch, context), { next: { ...app, profile } });
  });
});

describe('disabling', () => {
  test('clears all inbound settings, and may be repeated (app.disable.clears)', () => {
    const { app } = after(LAYERED, { inboundSipCallsEnabled: false }, { inboundSipCallsEnabled: false });
    assert.deepEqual(app, CREATED);
    const spelledOut = {
      inboundSipCallsEnabled: false,
      passwordAuthEnabled: false,
      allowedSourceIps: [],
      allowedRegions: [],
    };
    assert.deepEqual(after(LAYERED, spelledOut).app, CREATED);
  });

  test('is refused together with a setting it would clear', () => {
    const { app } = after(LAYERED);
    const off = { inboundSipCallsEnabled: false };
    assert.deepEqual(refusedFields(app, { ...LAYERED, ...off }), [
      'passwordAuthEnabled',
      'allowedSourceIps',
      'allowedRegions',
    ]);
  });

  test('while off, authentication cannot be configured', () => {
    assert.deepEqual(refusedFields(CREATED, { passwordAuthEnabled: true }), ['passwordAuthEnabled']);
    assert.deepEqual(refusedFields(CREATED, { passwordAuthEnabled: false }), ['passwordAuthEnabled']);
    assert.deepEqual(refusedFields(CREATED, { allowedSourceIps: [] }), ['allowedSourceIps']);
    assert.deepEqual(refusedFields(CREATED, { allowedRegions: ['US'] }), ['allowedRegions']);
  });

  test('and enabling again makes a new URI and password and empty lists (app.reenable.fresh)', () => {
    const first = after(LAYERED);
    const second = after(LAYERED, { inboundSipCallsEnabled: false }, WITH_PASSWORD);
    assert.notEqual(second.app.inbound?.uriUser, first.app.inbound?.uriUser);
    assert.notEqual(second.password, first.password);
    assert.deepEqual([second.app.inbound?.allowedSources, second.app.inbound?.allowedRegions], [[], []]);
  });
});

describe('after any sequence of patches', () => {
  const sources = fc.array(
    fc.constantFrom('203.0.113.0/24', '198.51.100.5/32', '0.0.0.0/0', '10.0.0.0/8', 'x', '192.0.2.0/24'),
    { maxLength: 3 },
  );
  const regions = fc.array(fc.constantFrom('US', 'EU', 'XX'), { maxLength: 3 });
  const patch: fc.Arbitrary<ApplicationPatch> = fc.record(
    {
      inboundSipCallsEnabled: fc.boolean(),
      passwordAuthEnabled: fc.boolean(),
      allowedSourceIps: sources,
      allowedRegions: regions,
      applicationName: fc.constantFrom('One', 'Two'),
    },
    { requiredKeys: [] },
  );

  /** Runs `check` on every step of every sequence. */
  function everyStep(
    check: (before: VoiceApplication, p: ApplicationPatch, c: ReturnType<typeof countingContext>) => void,
  ): void {
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 8 }), (patches) => {
        let app = CREATED;
        for (const p of patches) {
          const c = countingContext();
          check(app, p, c);
          app = applyPatch(app, p, countingContext()).next ?? app;
        }
      }),
      { numRuns: 500 },
    );
  }

  test('an enabled application has an authentication mechanism', () => {
    everyStep((before, p, c) => {
      const inbound = applyPatch(before, p, c).next?.inbound;
      if (inbound) assert.ok(inbound.credential !== null || inbound.allowedSources.length > 0);
    });
  });

  test('a refused patch names at least one field that was sent, each once, and draws nothing', () => {
    everyStep((before, p, c) => {
      const outcome = applyPatch(before, p, c);
      if (outcome.next !== undefined) return;
      assert.ok(outcome.errors.length > 0);
      assert.equal(new Set(outcome.errors.map(({ field }) => field)).size, outcome.errors.length);
      for (const { field } of outcome.errors) assert.ok((field.split('[')[0] ?? '') in p, field);
      assert.deepEqual(c.drawn, []);
    });
  });

  test('a password is returned only if password auth was asked for, and only its hashes are kept', () => {
    everyStep((before, p, c) => {
      const outcome = applyPatch(before, p, c);
      if (outcome.next === undefined) return;
      assert.equal(outcome.oneTimePassword !== undefined, p.passwordAuthEnabled === true);
      if (outcome.oneTimePassword !== undefined) {
        assert.ok(!JSON.stringify(outcome.next).includes(outcome.oneTimePassword));
      }
    });
  });

  test('the URI changes only when inbound SIP is switched on', () => {
    everyStep((before, p, c) => {
      const { next } = applyPatch(before, p, c);
      if (next?.inbound && before.inbound) assert.equal(next.inbound.uriUser, before.inbound.uriUser);
      if (next?.inbound && !before.inbound) assert.ok(c.drawn.includes(next.inbound.uriUser));
    });
  });

  test('fields not sent keep their values, and the input is not modified', () => {
    everyStep((before, p, c) => {
      const copy = structuredClone(before);
      const { next } = applyPatch(before, p, c);
      assert.deepEqual(before, copy);
      if (!next?.inbound || !before.inbound) return;
      if (p.allowedSourceIps === undefined)
        assert.deepEqual(next.inbound.allowedSources, before.inbound.allowedSources);
      if (p.allowedRegions === undefined)
        assert.deepEqual(next.inbound.allowedRegions, before.inbound.allowedRegions);
      if (p.passwordAuthEnabled === undefined)
        assert.deepEqual(next.inbound.credential, before.inbound.credential);
      if (p.applicationName === undefined) assert.deepEqual(next.profile, before.profile);
    });
  });

  test('the same draws give the same outcome', () => {
    everyStep((before, p, c) => {
      assert.deepEqual(applyPatch(before, p, c), applyPatch(before, p, countingContext()));
    });
  });
});
