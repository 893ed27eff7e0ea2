import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { EXIT } from '../exit_code.ts';
import { HarnessError } from '../verdict.ts';
import { LAB_PREFIXES } from './addresses.ts';
import { interfaceLeadingOut } from './guard.ts';
import { lastAddress } from './ipv4.ts';

const INSIDE = 'CONFORMANCE_LAB';
/** Set where another process of ours started this one. It announces an interrupt over this one's standard input. */
const SUPERVISED = 'CONFORMANCE_SUPERVISED';
const PRIVATE = ['--net', '--pid', '--fork', '--kill-child'];
/** With a /proc of its own, or with the outer one where a container forbids to mount one. */
const UNSHARE_VARIANTS = [[...PRIVATE, '--mount-proc'], PRIVATE];
/** One Ctrl-C can arrive twice: from the terminal, and passed on by npm. */
const ONE_KEYSTROKE_MS = 500;
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/node');
const CAPABILITIES = '+net_admin,+net_raw,+net_bind_service';
/** Whether this process has raised the lab it is in. */
let raised = false;

/** A command line that runs the command appended to it in a network and process namespace of its own. */
export type Way = readonly [command: string, ...arguments_: string[]];

/**
 * The ways to make a private namespace: as an ordinary user, as root, or through sudo (then back as the user, with
 * rights over the namespace's network only). Nothing started inside a process namespace outlives the run.
 */
function waysIn(): Way[] {
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const asUser = UNSHARE_VARIANTS.map((flags): Way => [
    'unshare',
    '--user',
    '--map-root-user',
    ...flags,
    '--',
  ]);
  if (uid === 0) return [...asUser, ...UNSHARE_VARIANTS.map((flags): Way => ['unshare', ...flags, '--'])];
  const back = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups'];
  const rights = [`--inh-caps=${CAPABILITIES}`, `--ambient-caps=${CAPABILITIES}`, '--'];
  const path = ['env', `PATH=${process.env['PATH'] ?? ''}`];
  const throughSudo = UNSHARE_VARIANTS.map((flags): Way => [
    'sudo',
    '-n',
    '--preserve-env',
    'unshare',
    ...flags,
    '--',
    ...back,
    ...rights,
    ...path,
  ]);
  return [...asUser, ...throughSudo];
}

/** How long a namespace may take to be made: one that is not there by then never will be. */
const WAY_PATIENCE_MS = 60_000;

/** The first way that works here, or the reason why none does. */
export function wayIntoLab(): { way: Way } | { reason: string } {
  if (process.platform !== 'linux') return { reason: `${process.platform} has no network namespaces` };
  const refusals = new Set<string>();
  for (const way of waysIn()) {
    const [command, ...rest] = way;
    const tried = spawnSync(command, [...rest, 'ip', 'link', 'set', 'lo', 'up'], {
      encoding: 'utf8',
      timeout: WAY_PATIENCE_MS,
    });
    if (tried.status === 0) return { way };
    const absent = tried.error && 'code' in tried.error && tried.error.code === 'ENOENT';
    const said = absent
      ? `${command} is not on PATH`
      : (tried.error?.message ?? tried.stderr.trim().split('\n').at(-1));
    refusals.add(said || `${command} failed`);
  }
  return { reason: `no network namespace can be made here (${[...refusals].join('; ')})` };
}

/** Whether this process was started inside the lab by `rerunInLab`. */
export function insideLab(): boolean {
  return process.env[INSIDE] === '1';
}

/**
 * Runs this same program again inside the lab and waits for it. The terminal's signals do not reach it: the first
 * interrupt becomes a line on its standard input, a second one kills it. Resolves with its exit code.
 */
export function rerunInLab(way: Way, program: string, programArguments: readonly string[]): Promise<number> {
  const { command, rest, options } = inLab(way, program, programArguments);
  const child = spawn(command, rest, { ...options, stdio: ['pipe', 'inherit', 'inherit'] });
  // The namespace's other processes end with it.
  return supervised(child, () => child.kill('SIGKILL'));
}

/** As `rerunInLab`, but outside of any lab, in the network of this process. */
export function rerunHere(program: string, programArguments: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...programArguments], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
    env: environment(),
  });
  return supervised(child, () => child.stdin.write('interrupt\n'));
}

/** @param endHard is called when a second interrupt comes */
function supervised(
  child: ChildProcessByStdio<Writable, null, null>,
  endHard: () => unknown,
): Promise<number> {
  let interruptedAt: number | undefined;
  const interrupt = (): void => {
    if (interruptedAt === undefined) {
      interruptedAt = performance.now();
      child.stdin.write('interrupt\n');
    } else if (performance.now() - interruptedAt > ONE_KEYSTROKE_MS) {
      endHard();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  child.stdin.on('error', () => {});
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      for (const signal of signals) process.off(signal, interrupt);
      resolve(code ?? (interruptedAt === undefined ? EXIT.harness : EXIT.interrupted));
    });
  });
}

/**
 * Starts a program of ours inside a lab of its own, which ends with it. The terminal's signals do not reach it: its
 * starter talks to it over its standard input and listens to its standard output.
 */
export function startInLab(
  way: Way,
  program: string,
  programArguments: readonly string[],
): ChildProcessByStdio<Writable, Readable, null> {
  const { command, rest, options } = inLab(way, program, programArguments);
  return spawn(command, rest, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** The environment for a program of ours, with the folder where node keeps compiled code between runs. */
function environment(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, [SUPERVISED]: '1' };
}

function inLab([command, ...rest]: Way, program: string, programArguments: readonly string[]) {
  return {
    command,
    rest: [...rest, process.execPath, program, ...programArguments],
    options: { detached: true, env: { ...environment(), [INSIDE]: '1' } },
  };
}

/**
 * Calls `interrupted` once when the run shall end early: on a signal, a line from the process that started this one,
 * or that process's death. A second request ends this process at once.
 */
export function onInterrupt(interrupted: () => void): void {
  let askedAt: number | undefined;
  const ask = (): void => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      interrupted();
    } else if (performance.now() - askedAt > ONE_KEYSTROKE_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  if (process.env[SUPERVISED] !== '1') return;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', ask);
  lines.on('close', ask);
  process.stdin.unref();
}

/**
 * Gives the lab's addresses to `lo` of the fresh namespace. Throws a HarnessError where the namespace is not a private
 * one, or where `ip` fails.
 */
export function raiseLab(): void {
  const foreign = interfaceLeadingOut();
  if (foreign !== undefined) {
    throw new HarnessError(
      `refusing to raise the lab beside the interface ${foreign}: that network is not a private one. ` +
        `Unset ${INSIDE}, which only the suite itself may set.`,
    );
  }
  const commands = ['link set lo up'];
  for (const { prefix } of LAB_PREFIXES) {
    commands.push(`addr add ${prefix} dev lo`);
    // The last address of a prefix is a host like any other here, not a broadcast address.
    if (!prefix.endsWith('/32'))
      commands.push(`route del broadcast ${lastAddress(prefix)} dev lo table local`);
  }
  const { status, stderr } = spawnSync('ip', ['-batch', '-'], {
    input: commands.join('\n'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new HarnessError(`the lab's addresses could not be set: ${stderr.trim()}`);
}

/** Raises the lab unless this process has already done so. Throws as `raiseLab` does. */
export function raiseLabOnce(): void {
  if (raised) return;
  raiseLab();
  raised = true;
}
