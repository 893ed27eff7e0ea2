import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { stringify } from 'yaml';

import { wayIntoLab } from '../../harness/lab/namespace.ts';
import type { Place, PlaceName, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { conformanceSchema, type Conformance } from '../../reports/conformance.ts';
import { CommandRun, killRuns } from './command_run.ts';

// Runs of `npm run features` for its tests, and the targets they are pointed at.

/** A folder for what the tests write, removed after them. */
export const folder = mkdtempSync(join(tmpdir(), 'features-'));
after(() => {
  killRuns();
  rmSync(folder, { recursive: true, force: true });
});

/** The reference's descriptor. */
export const REFERENCE = loadTarget('reference');
/** The lab in the reference's descriptor. */
export const LAB = REFERENCE.places.lab ?? assert.fail('the reference has no lab');
/** The reference's realm. */
export const REALM = REFERENCE.realm;
/** The flags that configure impl/main.ts for the lab. */
export const LAB_CONFIG = ['--config', 'targets/reference/lab.yaml'];
/** Why tests that need the lab are skipped here; false if they can run. */
export const skip = 'reason' in wayIntoLab() && 'needs the lab';
const POLL_MS = 10;
/** How long the last process of a run may take to end, on a busy machine. */
const GONE_MS = 60_000;

/** A PATH with only what a run needs, less the programs named. Never Java: these tests read no Allure page. */
export function pathWithout(...missing: readonly string[]): string {
  const place = mkdtempSync(join(folder, 'path-'));
  const names = ['node', 'sipp', 'dumpcap', 'unshare', 'ip', 'sudo', 'setpriv', 'env', 'sh'];
  for (const name of names.filter((one) => !missing.includes(one))) {
    const program = [process.execPath, ...onPath(name)].find((path) => path.endsWith(`/${name}`));
    if (program !== undefined) symlinkSync(program, join(place, name));
  }
  return place;
}

function onPath(name: string): string[] {
  const folders = `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return folders.map((path) => join(path, name)).filter((path) => existsSync(path));
}

const PATH = pathWithout();

/** A run of the command, with a folder of its own for what it writes. */
export class Run extends CommandRun {
  readonly out: string;

  /** @param root where it runs: the repository's root, or a folder that has what it needs of that */
  constructor(flags: readonly string[], environment: Readonly<Record<string, string>> = {}, root?: string) {
    const out = mkdtempSync(join(folder, 'out-'));
    super(
      process.execPath,
      ['commands/features/main.ts', '--out', out, '--parallel', '1', ...flags],
      { PATH, ...environment },
      root,
    );
    this.out = out;
  }

  /** Its standard error; rejects unless it ends with this exit code. */
  async complaint(exitCode: number): Promise<string> {
    assert.equal(await this.ended, exitCode, this.stdout + this.stderr);
    return this.stderr;
  }

  conformance(): Conformance {
    return conformanceSchema.parse(JSON.parse(readFileSync(join(this.out, 'conformance.json'), 'utf8')));
  }

  /** What became of a rule: its verdict and the reason for it. */
  rule(id: string): readonly [verdict: string | undefined, reason: string] {
    const rule = this.conformance().rules.find((one) => one.id === id);
    return [rule?.verdict, rule?.reason ?? ''];
  }

  /** Resolves when no process of it is left; rejects if one stays. */
  async gone(): Promise<void> {
    const deadline = performance.now() + GONE_MS;
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      if (performance.now() > deadline)
        assert.fail(`left behind: ${left.map(({ command }) => command).join(', ')}`);
      await delay(POLL_MS);
    }
  }
}

interface Change {
  readonly name: string;
  readonly readyMs?: number;
  readonly answerMs?: number;
  readonly placeName?: PlaceName;
  readonly place: Place;
  /** Other fields that differ from the reference's. */
  readonly more?: Partial<TargetDescriptor>;
}

/** The file of a descriptor like the reference's, with one place. */
export function descriptor({ name, readyMs, answerMs, placeName = 'lab', place, more }: Change): string {
  const timeouts = {
    ...REFERENCE.timeouts,
    ...(readyMs === undefined ? {} : { ready: { ms: readyMs } }),
    ...(answerMs === undefined ? {} : { answer: { ms: answerMs } }),
  };
  const described: TargetDescriptor = {
    ...REFERENCE,
    name,
    timeouts,
    places: { [placeName]: place },
    ...more,
  };
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, stringify(described));
  return file;
}

/** How a place starts its target. */
export function started(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Place['start'] {
  return { command: [...command], environment: { ...environment } };
}

/** This many UDP ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4').bind(0, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  const ports = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  return ports;
}

/** A place on loopback, on these ports, in which the reference is started. */
export function loopback([api = 0, sip = 0, platform = 0]: readonly number[]): Place {
  const url = `http://127.0.0.1:${api}`;
  const ports = { API: api, SIP: sip, PLATFORM: platform };
  const variables = Object.entries(ports).map(([name, port]) => [`VOICE_EDGE_${name}_PORT`, String(port)]);
  return {
    start: started(
      ['node', 'impl/main.ts', '--config', 'targets/reference/loopback.yaml'],
      Object.fromEntries(variables),
    ),
    api: { baseUrl: url, tokenUrl: `${url}/api/v1/oauth2/token` },
    readyUrl: `${url}/health/ready`,
    sip: { host: '127.0.0.1', port: sip },
    platform: { host: '127.0.0.1', port: platform },
    vantagePoints: [],
  };
}

/** Three tests at a time: a run waits as long as it works, and there are at least two cores. */
export const OPTIONS = { concurrency: 3, timeout: 300_000 };
