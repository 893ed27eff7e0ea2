import type { ResolvedOptions } from './options.ts';
import { unavailable } from './port_lease.ts';
import type { Exit } from './sipp_child.ts';
import { SippError } from './sipp_error.ts';

/** Mends for SIPp's refusals that name none themselves. */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [/^Variable \$(\S+) is referenced/, 'set and use the variable, or name it in <Reference variables="…"/>'],
  [/^The label '.*' was not defined/, 'add <label id="…"/> with that id'],
  [/^<recv> before <\w+> sequence without a mandatory message/, 'make the last <recv> before it mandatory'],
  [/timewait/, 'put <timewait> last'],
];

/** A port was taken between our check and SIPp's own bind. */
class PortClash extends SippError {
  /** Whether it is the port for SIP messages, not one for media or control. */
  readonly isSipPort: boolean;

  constructor(isSipPort: boolean, message: string) {
    super('PORT_IN_USE', message);
    this.isSipPort = isSipPort;
  }
}

/** Whether other leased ports may help: not where the caller asked for the very port that is taken. */
export function isPortClash(failure: unknown, askedFor: number | undefined): boolean {
  return failure instanceof PortClash && !(failure.isSipPort && askedFor !== undefined);
}

/**
 * The error of a SIPp that ended before its first call; undefined where it did start. `said` is its last output. SIPp
 * first reads the scenario, then opens its statistics, then its sockets.
 */
export function startError(
  { scenario, local, remote }: ResolvedOptions,
  said: string,
  exit: Exit,
  hasStatistics: boolean,
): SippError | undefined {
  const place = { file: scenario };
  const sentence = said.trim().split('\n', 1)[0] ?? '';
  if (/^Unable to (?:bind|listen)/.test(sentence)) {
    if (sentence.includes('Cannot assign requested address'))
      return unavailable(local.address, 'EADDRNOTAVAIL');
    const isSipPort = /main socket|server socket/.test(sentence);
    const port = isSipPort ? `port ${local.port ?? 'leased'} on ${local.address}` : 'a media or control port';
    return new PortClash(
      isSipPort,
      `${port} is in use; leave local.port out to get a free one. SIPp said: ${sentence}`,
    );
  }
  if (sentence.startsWith('Unknown remote host')) {
    return new SippError(
      'REMOTE_UNKNOWN',
      `${remote?.host} cannot be resolved: check the option remote.host`,
    );
  }
  if (hasStatistics || exit.signal !== null) return undefined;
  const keyword = /^Unsupported keyword '(.*)'/.exec(sentence)?.[1];
  if (keyword !== undefined) {
    return new SippError('SCENARIO_UNKNOWN_KEYWORD', `[${keyword}] is unknown to this SIPp`, place);
  }
  if (/^Unknown (?:element|action)/.test(sentence))
    return new SippError('SCENARIO_UNKNOWN_ELEMENT', sentence, place);
  if (/^Invalid XML|^Unable to load or parse/.test(sentence)) {
    return new SippError('SCENARIO_MALFORMED', `SIPp cannot read it: ${sentence}`, place);
  }
  if (exit.code === 1 || exit.code === 255) {
    const mend = MENDS.find(([pattern]) => pattern.test(sentence))?.[1];
    const cure = mend === undefined ? '' : ` Mend: ${mend}.`;
    return new SippError('SCENARIO_REJECTED', `SIPp refuses it: ${sentence}${cure}`, place);
  }
  const because = sentence === '' ? 'it gave no reason' : sentence;
  return new SippError(
    'START_FAILED',
    `SIPp ended with exit code ${exit.code} before its first call: ${because}`,
    place,
  );
}
