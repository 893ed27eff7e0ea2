import type { ClientCredentials } from '../../harness/clients/oauth.ts';
import { oneOf, readCommandLine } from '../../harness/command_line.ts';
import type { PlaceName } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { HarnessError } from '../../harness/verdict.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run app -- COMMAND [options]

Manages the voice applications of a target.

  list                                   all applications of the account
  create NAME --callback URL             makes one, which takes no calls yet
  show ID                                shows its settings
  enable ID [--password] [--sources LIST] [--regions LIST]
                                         lets it take calls; with --password a password is made, and shown this once
  change ID [--no-password] [--sources LIST] [--regions LIST]
                                         changes these settings and no other
  rotate ID                              makes a new password, shown this once; the old one is dead from then on
  disable ID                             takes no more calls; URI, password and lists are gone
  delete ID                              removes it

  --sources LIST    public IPv4 prefixes calls may come from, such as 203.0.113.0/24,198.51.100.5/32; "" for none
  --regions LIST    regions calls may come from, such as US,EU; "" for all
  --json            the application as JSON, for a script
  --help            this text

Which target (it must be running):

  --target NAME|PATH   a folder in targets/, or a descriptor file   (reference, as npm start runs it)
  --place NAME         loopback or remote                           (the first there is)
  --api URL            another base URL of its management API
  --token-url URL      another token endpoint                       (--api and /api/v1/oauth2/token)
  --account ID         another account

The client's id and secret are in the variables the descriptor names: for the reference VOICE_EDGE_CLIENT_ID and
VOICE_EDGE_CLIENT_SECRET, which npm start takes as well.
`;

const FLAGS = {
  callback: { type: 'string' },
  password: { type: 'boolean' },
  'no-password': { type: 'boolean' },
  sources: { type: 'string' },
  regions: { type: 'string' },
  target: { type: 'string', default: 'reference' },
  place: { type: 'string' },
  api: { type: 'string' },
  'token-url': { type: 'string' },
  account: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What to do with an application. */
export type AppCommand =
  | { readonly name: 'create'; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly name: 'show' | 'delete'; readonly applicationId: string }
  | {
      readonly name: 'change';
      readonly applicationId: string;
      readonly changes: Readonly<Record<string, unknown>>;
    };

/** Where the management API is, and who asks. */
export interface ApiAccess {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly account: string;
  readonly client: ClientCredentials;
}

/** What the user asks for. */
export interface AppOptions {
  readonly api: ApiAccess;
  readonly command: AppCommand | { readonly name: 'list' };
  readonly asJson: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof readCommandLine<{ options: typeof FLAGS }>>['values'];
type Setting = 'callback' | 'password' | 'no-password' | 'sources' | 'regions';

/** The options each command takes beside those of the target. */
const SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  list: [],
  create: ['callback'],
  show: [],
  enable: ['password', 'sources', 'regions'],
  change: ['no-password', 'sources', 'regions'],
  rotate: [],
  disable: [],
  delete: [],
};
const ALL_SETTINGS: readonly Setting[] = ['callback', 'password', 'no-password', 'sources', 'regions'];

/** Reads the command line. Throws a HarnessError that names what is wrong and what would be right. */
export function readAppOptions(argv: readonly string[], environment: Environment): AppOptions | 'help' {
  const { values, positionals } = readCommandLine('npm run app --', argv, {
    allowPositionals: true,
    options: FLAGS,
  });
  if (values.help) return 'help';
  const [name, subject, ...others] = positionals;
  const known = Object.keys(SETTINGS).join(', ');
  if (name === undefined) throw new HarnessError(`a command is missing: ${known}; --help tells more`);
  const settings = SETTINGS[name];
  if (settings === undefined)
    throw new HarnessError(`there is no command "${name}"; the commands are ${known}`);
  const alien = ALL_SETTINGS.find((flag) => values[flag] !== undefined && !settings.includes(flag));
  if (alien !== undefined) throw new HarnessError(`${name} takes no --${alien}`);
  const excess = name === 'list' ? subject : others[0];
  if (excess !== undefined) throw new HarnessError(`${name}: "${excess}" is one word too many`);
  const command = name === 'list' ? ({ name } as const) : commandOn(name, subject, values);
  return { api: accessTo(values, environment), command, asJson: values.json };
}

function commandOn(name: string, subject: string | undefined, values: Values): AppCommand {
  if (subject === undefined || subject === '') {
    throw new HarnessError(`${name} needs ${name === 'create' ? 'a name' : 'the id of an application'}`);
  }
  const applicationId = subject;
  const change = (changes: Record<string, unknown>): AppCommand => ({
    name: 'change',
    applicationId,
    changes,
  });
  const lists = {
    ...(values.sources === undefined ? {} : { allowedSourceIps: listOf(values.sources) }),
    ...(values.regions === undefined ? {} : { allowedRegions: listOf(values.regions) }),
  };
  switch (name) {
    case 'create':
      if (values.callback === undefined)
        throw new HarnessError('create needs --callback URL, where calls are announced');
      return {
        name: 'create',
        settings: { applicationName: subject, callInitiatedCallbackUrl: values.callback },
      };
    case 'enable':
      if (values.password !== true && values.sources === undefined)
        throw new HarnessError('enable needs an authentication mode: --password, --sources LIST, or both');
      return change({
        inboundSipCallsEnabled: true,
        ...(values.password === true ? { passwordAuthEnabled: true } : {}),
        ...lists,
      });
    case 'change': {
      const changes = { ...(values['no-password'] === true ? { passwordAuthEnabled: false } : {}), ...lists };
      if (Object.keys(changes).length === 0)
        throw new HarnessError('change needs --no-password, --sources LIST or --regions LIST');
      return change(changes);
    }
    case 'rotate':
      return change({ passwordAuthEnabled: true });
    case 'disable':
      return change({ inboundSipCallsEnabled: false });
    default:
      return { name: name === 'delete' ? 'delete' : 'show', applicationId };
  }
}

function listOf(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim());
}

function accessTo(values: Values, environment: Environment): ApiAccess {
  const { account, places } = loadTarget(values.target);
  const place = placeOf(values.place, places);
  const baseUrl = values.api === undefined ? place?.baseUrl : urlOf('--api', values.api);
  if (baseUrl === undefined) {
    throw new HarnessError(
      `${values.target} runs only in the lab, which is gone when a run ends: give --api URL`,
    );
  }
  const ofApi = `${baseUrl.replace(/\/$/, '')}/api/v1/oauth2/token`;
  const described = values.api === undefined ? place?.tokenUrl : undefined;
  const asked = values['token-url'];
  return {
    baseUrl,
    tokenUrl: asked === undefined ? (described ?? ofApi) : urlOf('--token-url', asked),
    account: values.account ?? account.id,
    client: {
      id: variable(account.clientId.environment, environment),
      secret: variable(account.clientSecret.environment, environment),
    },
  };
}

const PLACES: readonly PlaceName[] = ['loopback', 'remote'];

function placeOf(
  asked: string | undefined,
  places: ReturnType<typeof loadTarget>['places'],
): { baseUrl: string; tokenUrl: string } | undefined {
  if (asked === undefined) return (places.loopback ?? places.remote)?.api;
  const name = oneOf<PlaceName>('--place', PLACES, asked);
  const place = places[name];
  if (place === undefined) throw new HarnessError(`the target has no place "${name}"`);
  return place.api;
}

function urlOf(flag: string, text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new HarnessError(`${flag} takes a URL that begins with http:// or https://, not "${text}"`);
}

function variable(name: string, environment: Environment): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new HarnessError(`${name} is not set: the target's descriptor takes its OAuth client from there`);
}
