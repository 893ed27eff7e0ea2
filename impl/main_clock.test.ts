import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { BusyPlatform, CUSTOMER, LoopbackCustomer, serviceSettings } from './testing/loopback_customer.ts';
import { RunningMain } from './testing/running_main.ts';
import { until } from './testing/surroundings.ts';

const BUSY = 486;
/** Longer than a call takes on a busy machine. */
const NONCE_SECONDS = 3;
const TWENTY_MINUTES = 1_200_000;

let platform: BusyPlatform;
let run: RunningMain;

before(async () => {
  platform = await BusyPlatform.open();
});
after(() => platform.close());
afterEach(() => void run.child.kill('SIGKILL'));

/** Runs before main: at SIGHUP, which main leaves alone, the machine's clock is set by so many milliseconds, as main sees it. */
function steppedBy(ms: number): Record<string, string> {
  const program = `const now = Date.now; process.on('SIGHUP', () => { Date.now = () => now() + ${ms}; });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };
}

describe('the service goes on when the machine’s clock is set', () => {
  for (const [way, ms] of [
    ['back', -TWENTY_MINUTES],
    ['on', TWENTY_MINUTES],
  ] as const) {
    test(`${way} by twenty minutes`, async () => {
      run = new RunningMain({
        ...serviceSettings(platform.port, ':memory:'),
        ...steppedBy(ms),
        VOICE_EDGE_NONCE_LIFETIME_SECONDS: String(NONCE_SECONDS),
        VOICE_EDGE_TOKEN_LIFETIME_SECONDS: '3600',
        VOICE_EDGE_LOG_DECISIONS: 'true',
      });
      using customer = await LoopbackCustomer.open({ ...CUSTOMER, ...(await run.places()) });
      const application = await customer.enabled('Timeless');
      const called = async (): Promise<void> =>
        assert.equal(await customer.call(application, application.sipAuthPassword ?? ''), BUSY);
      const started = performance.now();
      // A nonce's lifetime, after which its count is remembered in another generation.
      while (performance.now() - started < 1000 * NONCE_SECONDS) await called();
      await called();
      run.child.kill('SIGHUP');
      // The log has the machine's time.
      await until(async () => {
        await called();
        const { time } = run.logged().at(-1) ?? {};
        return Math.abs(Date.parse(String(time)) - Date.now()) > TWENTY_MINUTES / 2 ? true : undefined;
      });
      await called();
      await customer.manage('PATCH', application.applicationId, { applicationName: 'Still' });
      assert.equal(await run.stop(), 0, run.stderr);
    });
  }
});
