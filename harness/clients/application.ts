import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import { applicationIdIn, applicationIn, exchangeInWords, type Members } from './answer_content.ts';
import { isSuccess, type HttpAnswer } from './http.ts';
import type { ManagementClient } from './management.ts';

/** A voice application that a scenario created, with what the API last said about it. */
export interface Application {
  readonly id: string;
  /** User part of the current SIP URI; undefined while there is none. */
  uriUser: string | undefined;
  /** User parts of the SIP URIs it had before, the last one last. */
  readonly formerUriUsers: string[];
  /** Every password it was given, the current one last. */
  readonly passwords: string[];
  /** Why nobody knows the current password, in words: it was asked for, and the answer told none. */
  passwordUntold: string | undefined;
}

/** The settings a scenario enables an application with. */
export interface InboundWish {
  readonly passwordAuthEnabled?: boolean;
  readonly allowedSourceIps?: readonly string[];
  readonly allowedRegions?: readonly string[];
}

/** The settings that a scenario's application is created with. */
export const APPLICATION_SETTINGS = {
  applicationName: 'conformance scenario',
  callInitiatedCallbackUrl: 'https://callbacks.example/initiate',
} as const;

/**
 * Creates an application: all that counts is its id. Throws a BrokenPrecondition where the target refuses, or tells no
 * id: what needs the application cannot be judged then.
 */
export async function createApplication(api: ManagementClient): Promise<Application> {
  const answer = await api.create(APPLICATION_SETTINGS);
  if (!isSuccess(answer.status)) {
    throw new BrokenPrecondition(
      'app.create',
      `no application could be created: the API answered ${answer.status} (see the API exchange)`,
    );
  }
  const id = applicationIdIn(answer);
  if (id === undefined) {
    throw new BrokenPrecondition(
      'app.create',
      `${exchangeInWords(answer)}: there is no applicationId in its data`,
    );
  }
  return { id, uriUser: undefined, formerUriUsers: [], passwords: [], passwordUntold: undefined };
}

/**
 * Changes the application, and records the SIP URI and password of the answer. Where the
 * answer shows no application at all it is read back.
 */
export async function patchApplication(
  api: ManagementClient,
  application: Application,
  changes: Readonly<Record<string, unknown>>,
  contentType?: string,
): Promise<HttpAnswer> {
  const answer = await api.patch(application.id, changes, contentType);
  if (!isSuccess(answer.status)) return answer;
  const shown = applicationIn(answer) ?? (await readBack(api, application));
  const { sipUri, sipAuthPassword } = shown ?? {};
  if (sipUri !== undefined) replaceUri(application, userPart(sipUri));
  if (typeof sipAuthPassword === 'string' && sipAuthPassword !== '') {
    application.passwords.push(sipAuthPassword);
    application.passwordUntold = undefined;
  } else if (changes['passwordAuthEnabled'] === true) {
    application.passwordUntold = `${exchangeInWords(answer)}: there is no sipAuthPassword in its data`;
  }
  return answer;
}

/** The application as GET shows it. */
async function readBack(api: ManagementClient, { id }: Application): Promise<Members | undefined> {
  const reading = await api.get(id);
  return isSuccess(reading.status) ? applicationIn(reading) : undefined;
}

/** The rule about enabling an application like this. */
function ruleOfEnabling({ passwordAuthEnabled, allowedSourceIps }: InboundWish): string {
  if (passwordAuthEnabled !== true) return 'app.enable.ip-only';
  return allowedSourceIps === undefined ? 'app.enable.password' : 'app.enable.layered';
}

/** Creates an application and enables it. Throws a BrokenPrecondition where the target refuses. */
export async function createEnabledApplication(
  api: ManagementClient,
  wish: InboundWish,
): Promise<Application> {
  const application = await createApplication(api);
  const answer = await patchApplication(api, application, { inboundSipCallsEnabled: true, ...wish });
  if (!isSuccess(answer.status)) {
    throw new BrokenPrecondition(
      ruleOfEnabling(wish),
      `the application could not be enabled: the API answered ${answer.status} (see the API exchange)`,
    );
  }
  return application;
}

/**
 * The application's password. Throws a BrokenPrecondition where the API has told none: it says what came instead. Throws
 * a HarnessError where nobody asked for one.
 */
export function passwordOf({ passwords, passwordUntold }: Application): string {
  const password = passwordUntold === undefined ? passwords.at(-1) : undefined;
  if (password !== undefined) return password;
  if (passwordUntold === undefined)
    throw new HarnessError('nobody can call with a password: the application was never given one');
  throw new BrokenPrecondition(
    'app.enable.password',
    `nobody can call with a password: ${passwordUntold} (see the API exchange)`,
  );
}

/**
 * The password before the current one. Throws a BrokenPrecondition where the API has told none, and a HarnessError where
 * there was none.
 */
export function formerPasswordOf({ passwords, passwordUntold }: Application): string {
  const password = passwords.at(passwordUntold === undefined ? -2 : -1);
  if (password !== undefined) return password;
  if (passwordUntold === undefined) throw new HarnessError('the application had no other password before');
  throw new BrokenPrecondition(
    'app.enable.password',
    `nobody knows a former password: ${passwordUntold} (see the API exchange)`,
  );
}

function replaceUri(application: Application, uriUser: string | undefined): void {
  const former = application.uriUser;
  if (former !== undefined && former !== uriUser) application.formerUriUsers.push(former);
  application.uriUser = uriUser;
}

/** The user part of a SIP URI. Undefined where it is none: null says that there is none. */
export function userPart(sipUri: unknown): string | undefined {
  return typeof sipUri === 'string' ? /^sips?:([^@;]+)@/i.exec(sipUri)?.[1] : undefined;
}
