import { isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';

import type { ResolvedOptions } from './options.ts';
import { isBefore } from './versions.ts';

/** The files that one SIPp process writes and reads, in a folder of its own. */
export interface WorkFiles {
  folder: string;
  messages: string;
  errors: string;
  statistics: string;
  logs: string;
  rows: string;
  /** Standard error. */
  stderr: string;
}

/** The paths of the files in this folder. */
export function workFiles(folder: string): WorkFiles {
  return {
    folder,
    messages: join(folder, 'messages.log'),
    errors: join(folder, 'errors.log'),
    statistics: join(folder, 'statistics.csv'),
    logs: join(folder, 'logs.log'),
    rows: join(folder, 'rows.csv'),
    stderr: join(folder, 'stderr.log'),
  };
}

/** The ports that one SIPp process binds. */
export interface Ports {
  sip: number;
  control: number;
  media: number;
}

/** The arguments of this version of SIPp, with the password (`secret`) and with it masked (`masked`). */
export function sippArguments(
  options: ResolvedOptions,
  version: string,
  role: 'client' | 'server',
  ports: Ports,
  files: WorkFiles,
): { secret: string[]; masked: string[] } {
  const { remote, credentials, trace } = options;
  const password = credentials === undefined ? [] : ['-ap', credentials.password];
  const host = remote !== undefined && isIPv6(remote.host) ? `[${remote.host}]` : remote?.host;
  const { address } = options.local;
  const before = [
    ...(remote === undefined ? [] : [`${host}:${remote.port}`]),
    ...flags('-sf', resolve(options.scenario)),
    ...flags('-t', options.transport === 'tcp' ? 't1' : 'u1'),
    // Without -bind_local a client sends from an address that the kernel chooses.
    ...flags('-i', address, '-p', ports.sip, '-bind_local'),
    // 3.7.0 to 3.7.2 have no -mp, and 3.6 has no -min_rtp_port.
    ...flags('-mi', address, isBefore(version, '3.7.0') ? '-mp' : '-min_rtp_port', ports.media),
    ...flags('-ci', '127.0.0.1', '-cp', ports.control),
    ...(options.calls === 'unbounded' ? [] : flags('-m', options.calls)),
    ...(role === 'client' ? pace(options) : []),
    ...optional('-s', options.service),
    ...optional('-au', credentials?.username),
  ];
  const after = [
    ...optional('-auth_uri', options.authUri),
    ...optional('-inf', options.rows && files.rows),
    ...Object.entries(options.keys).flatMap(([name, value]) => flags('-key', name, value)),
    ...optional('-cid_str', options.callId),
    ...optional('-recv_timeout', options.receiveTimeoutMs),
    // SIPp counts whole seconds; the exact limit is enforced from outside.
    ...(options.timeoutMs === undefined
      ? []
      : flags('-timeout', `${Math.ceil(options.timeoutMs / 1000)}s`, '-timeout_error')),
    ...optional('-default_behaviors', options.defaultBehaviors?.join(',')),
    ...(trace.messages ? flags('-trace_msg', '-message_file', files.messages) : []),
    ...(trace.logs ? flags('-trace_logs', '-log_file', files.logs) : []),
    ...flags('-trace_err', '-error_file', files.errors),
    ...flags('-trace_stat', '-stf', files.statistics, '-fd', '500ms'),
    ...flags('-nostdin', ...options.extraArguments),
  ];
  return {
    secret: [...before, ...password, ...after],
    masked: [...before, ...(credentials === undefined ? [] : ['-ap', '***']), ...after],
  };
}

/** A single call starts after 20 ms with `-users 1`, and after 100 with the default rate. */
function pace({ rate, users, limit }: ResolvedOptions): string[] {
  return rate === undefined ? flags('-users', users ?? 1) : [...flags('-r', rate), ...optional('-l', limit)];
}

function flags(...parts: readonly (string | number)[]): string[] {
  return parts.map(String);
}

function optional(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : flags(name, value);
}

/** The `-inf` file: SIPp reads its rows in sequence. */
export function rowsFile(rows: readonly (readonly string[])[]): string {
  return ['SEQUENTIAL', ...rows.map((row) => row.join(';')), ''].join('\n');
}
