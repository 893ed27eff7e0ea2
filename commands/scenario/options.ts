import { oneOf, readCommandLine } from '../../harness/command_line.ts';
import { freshSeed, Randomness } from '../../harness/randomness.ts';
import type { Authentication, CallWish } from '../../harness/run/single_call.ts';
import type { PlaceName } from '../../harness/target/descriptor.ts';
import { findScenario, readScenarioFile, type ScenarioFile } from '../../harness/traffic/scenarios.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { hostAsked, sippRunArguments } from './sipp_run_arguments.ts';

const AUTHENTICATIONS: readonly Authentication[] = ['password', 'ip', 'both'];
const PLACE_NAMES: readonly PlaceName[] = ['lab', 'loopback', 'remote'];

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run scenario -- [SCENARIO] [options]
       npm run scenario -- SCENARIO --target HOST[:PORT] [options of sipp-run]

Runs one SIPp scenario, shows its messages as they happen, then a ladder of both sides and SIPp's verdict.
SCENARIO is a file, or the name of one in scenarios/, such as invite-digest. Without it, all are listed.

Against a target with a descriptor. The target is started, and the call gets a voice application of its own:

  --target NAME|PATH   a folder in targets/, or a descriptor file           (reference)
  --place NAME         lab, loopback or remote                              (the first there is)
  --from WHO           a vantage point of the target, such as EU, or an address   (the first)
  --auth KIND          ${AUTHENTICATIONS.join(', ')}: how the application authenticates callers   (password)
  --trust WHO          whose address --auth ip and both trust               (the caller's)
  --regions LIST       the regions calls may come from, such as US,EU       (every region)
  --wrong-password     the caller has another password than the application
  --to USER            user part of To, if the scenario has [to_user]      (another application's)
  --key NAME=VALUE     a value for [NAME] in the scenario; may be repeated
  --pause MS           how long a pause without a length takes   (a second more than a nonce lives)
  --out FOLDER         where scenario.pcap and the target's log go          (reports/out)
  --help               this text

Against something that runs already, without a lab or an application: --target HOST[:PORT] and the options of sipp-run,
which npm run scenario -- --target HOST --help lists.
`;

const FLAGS = {
  target: { type: 'string', default: 'reference' },
  place: { type: 'string' },
  from: { type: 'string' },
  auth: { type: 'string', default: 'password' },
  trust: { type: 'string' },
  regions: { type: 'string' },
  'wrong-password': { type: 'boolean', default: false },
  to: { type: 'string' },
  key: { type: 'string', multiple: true },
  pause: { type: 'string' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** A call to a target with a descriptor. */
export interface TargetCall {
  readonly kind: 'target';
  readonly target: string;
  readonly place: PlaceName | undefined;
  readonly out: string;
  readonly wish: CallWish;
}

/** What is asked for: a call against a target, one against a host, or the list of scenarios. */
export type ScenarioOptions =
  TargetCall | { readonly kind: 'host'; readonly sippRun: readonly string[] } | { readonly kind: 'list' };

type Values = ReturnType<typeof readCommandLine<{ options: typeof FLAGS }>>['values'];

/** Reads the command line. Throws a HarnessError that names what is wrong and what would be right. */
export function readOptions(argv: readonly string[]): ScenarioOptions | 'help' {
  if (hostAsked(argv) !== undefined) {
    const passedOn = sippRunArguments(argv, new Randomness(freshSeed()).hex(8));
    return passedOn === undefined ? { kind: 'list' } : { kind: 'host', sippRun: passedOn };
  }
  const { values, positionals } = readCommandLine('npm run scenario --', argv, {
    allowPositionals: true,
    options: FLAGS,
  });
  if (values.help) return 'help';
  const [reference, ...others] = positionals;
  if (reference === undefined) return { kind: 'list' };
  if (others.length > 0) throw new HarnessError(`one scenario at a time: "${others[0]}" is too much`);
  return targetCall(readScenarioFile(findScenario(reference)), values);
}

function targetCall(scenario: ScenarioFile, values: Values): TargetCall {
  if (!scenario.placesCalls) {
    throw new HarnessError(
      `${scenario.path} waits for calls and makes none. Name one that makes a call: it is answered by ` +
        'scenarios/sip/voice-platform.xml, which stands for the voice platform.',
    );
  }
  const authentication = oneOf('--auth', AUTHENTICATIONS, values.auth);
  if (values.trust !== undefined && authentication === 'password') {
    throw new HarnessError(
      '--trust goes with --auth ip or --auth both: password authentication checks no address',
    );
  }
  return {
    kind: 'target',
    target: values.target,
    place: values.place === undefined ? undefined : oneOf('--place', PLACE_NAMES, values.place),
    out: values.out,
    wish: {
      scenario,
      authentication,
      trust: values.trust,
      regions: values.regions?.split(',').map((region) => region.trim()),
      from: values.from,
      wrongPassword: values['wrong-password'],
      to: values.to,
      keys: Object.fromEntries((values.key ?? []).map(keyValue)),
      pauseMs: milliseconds(values.pause),
    },
  };
}

function keyValue(text: string): [name: string, value: string] {
  const [, name, value] = /^(\w[\w.]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new HarnessError(`--key takes NAME=VALUE, not "${text}"`);
  return [name, value];
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,8}$/.test(text)) throw new HarnessError(`--pause takes whole milliseconds, not "${text}"`);
  return Number(text);
}
