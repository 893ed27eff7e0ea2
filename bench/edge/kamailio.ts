import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HarnessError } from '../../harness/verdict.ts';
import type { Contender } from './contender.ts';
import { LOADS } from './loads.ts';
import { CALLERS_PREFIX, CALLERS_REGION, KAMAILIO, PLATFORM, REALM } from './places.ts';
import { ServerProcess } from './server_process.ts';
import { answersOptions, type CalledApplications } from './traffic.ts';

const CONFIGURATION = join(import.meta.dirname, '../../targets/kamailio');
/** Where Debian puts it; /usr/sbin is not on every user's PATH. */
const PROGRAM = '/usr/sbin/kamailio';
const READY_MS = 10_000;
const SHARED_MEBIBYTES = '1024';
const PRIVATE_MEBIBYTES = '32';
const SOCKET_BUFFER_OCTETS = '4000000';

/** Installs Debian's Kamailio over the network if it is missing. Throws a HarnessError if that fails. */
export function installKamailio(say: (doing: string) => void): void {
  if (existsSync(PROGRAM)) return;
  const command = 'apt-get install -y --no-install-recommends kamailio';
  say('installing Kamailio from Debian');
  const asRoot = process.getuid?.() === 0 ? '' : 'sudo -n ';
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `${asRoot}apt-get update && ${asRoot}env DEBIAN_FRONTEND=noninteractive ${command}`],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  if (status === 0 && existsSync(PROGRAM)) return;
  throw new HarnessError(
    `Kamailio could not be installed: ${stderr.trim().split('\n').at(-1)}. Run as root: ${command}, or leave it out ` +
      'with --ours-only',
  );
}

/** The version that Kamailio prints, such as "5.6.3 (x86_64/linux)"; "unknown" if it prints none. */
export function kamailioVersion(): string {
  const { stdout } = spawnSync(PROGRAM, ['-v'], { encoding: 'utf8' });
  return /^version: kamailio (.+?)\s*$/m.exec(stdout)?.[1] ?? 'unknown';
}

/** Settings besides those of kamailio.cfg. */
export interface KamailioOptions {
  readonly workers: number;
  /** Whether it keeps dialogs, as the reference does. */
  readonly keepsDialogs: boolean;
}

/** A running Kamailio. `cleanUp` removes its folder. */
export interface RunningKamailio extends Contender {
  cleanUp(): void;
}

/** Starts Kamailio with the reference's applications. Rejects with a HarnessError if it does not become ready. */
export async function startKamailio(
  folder: string,
  applications: CalledApplications,
  options: KamailioOptions,
  signal: AbortSignal,
): Promise<RunningKamailio> {
  const place = mkdtempSync(join(tmpdir(), 'bench-kamailio-'));
  const cleanUp = (): void => rmSync(place, { recursive: true, force: true });
  try {
    cpSync(CONFIGURATION, place, { recursive: true });
    writeFileSync(join(place, 'applications.cfg'), applicationsText(applications), { mode: 0o600 });
    const server = await ServerProcess.start(
      'Kamailio',
      [PROGRAM, ...kamailioArguments(place, options)],
      {},
      join(folder, 'bench-kamailio.log'),
    );
    try {
      await server.untilReady(answers, READY_MS, signal);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return { name: 'kamailio', at: KAMAILIO, process: server, cleanUp };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function answers(): Promise<boolean> {
  return answersOptions(LOADS.options.scenario, KAMAILIO);
}

function kamailioArguments(place: string, { workers, keepsDialogs }: KamailioOptions): string[] {
  const settings: readonly (readonly [flag: string, value: string])[] = [
    ['-f', join(place, 'kamailio.cfg')],
    ['-Y', place],
    ['-P', join(place, 'kamailio.pid')],
    ['-n', String(workers)],
    ['-l', `udp:${KAMAILIO.host}:${KAMAILIO.port}`],
    ['-m', SHARED_MEBIBYTES],
    ['-M', PRIVATE_MEBIBYTES],
    ['-b', SOCKET_BUFFER_OCTETS],
    ['-A', `PLATFORM="sip:${PLATFORM.host}:${PLATFORM.port}"`],
    ['-A', `REGIONS_FILE="${join(place, 'regions.list')}"`],
  ];
  // -DD: in the foreground, with its children.
  return ['-DD', ...settings.flat(), ...(keepsDialogs ? ['-A', 'WITH_DIALOGS'] : [])];
}

/** Statements that fill the table `application`, with HA1 instead of the password (RFC 7616 3.4.2). */
function applicationsText({ password, source }: CalledApplications): string {
  const ha1 = createHash('md5').update(`${password.id}:${REALM}:${password.password}`).digest('hex');
  const entries: readonly (readonly [key: string, value: string])[] = [
    [`${password.id}::enabled`, '1'],
    [`${password.id}::ha1`, `"${ha1}"`],
    [`${password.id}::regions`, `"${CALLERS_REGION}"`],
    [`${source.id}::enabled`, '1'],
    [`${source.id}::sources`, `"${CALLERS_PREFIX}"`],
    [`${source.id}::regions`, `"${CALLERS_REGION}"`],
  ];
  return entries.map(([key, value]) => `$sht(application=>${key}) = ${value};\n`).join('');
}
