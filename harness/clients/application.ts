import { z } from 'zod';

import { HarnessError } from '../verdict.ts';
import type { HttpAnswer } from './http.ts';
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
}

/** The settings a scenario enables an application with. */
export interface InboundWish {
  readonly passwordAuthEnabled?: boolean;
  readonly allowedSourceIps?: readonly string[];
  readonly allowedRegions?: readonly string[];
}

const created = z.object({ data: z.object({ applicationId: z.string().min(1) }) });
const inbound = z.object({
  data: z.object({ sipUri: z.string().nullish(), sipAuthPassword: z.string().optional() }),
});

/** The settings that a scenario's application is created with. */
export const APPLICATION_SETTINGS = {
  applicationName: 'conformance scenario',
  callInitiatedCallbackUrl: 'https://callbacks.example/initiate',
} as const;

/** Creates an application. Throws a HarnessError where the target refuses: nothing can be judged then. */
export async function createApplication(api: ManagementClient): Promise<Application> {
  const answer = await api.create(APPLICATION_SETTINGS);
  const parsed = created.safeParse(answer.json);
  if (answer.status !== 201 || !parsed.success) {
    const without = answer.status === 201 ? ' without data.applicationId' : '';
    throw new HarnessError(
      `no application could be created: the API answered ${answer.status}${without}; see the API exchange`,
    );
  }
  return { id: parsed.data.data.applicationId, uriUser: undefined, formerUriUsers: [], passwords: [] };
}

/** Changes the application, and records the SIP URI and password of the answer. */
export async function patchApplication(
  api: ManagementClient,
  application: Application,
  changes: Readonly<Record<string, unknown>>,
): Promise<HttpAnswer> {
  const answer = await api.patch(application.id, changes);
  const parsed = inbound.safeParse(answer.json);
  if (answer.status === 200 && parsed.success) {
    const { sipUri, sipAuthPassword } = parsed.data.data;
    if (sipUri !== undefined) replaceUri(application, sipUri === null ? undefined : userPart(sipUri));
    if (sipAuthPassword !== undefined) application.passwords.push(sipAuthPassword);
  }
  return answer;
}

/** Creates an application and enables it. Throws a HarnessError where the target refuses. */
export async function createEnabledApplication(
  api: ManagementClient,
  wish: InboundWish,
): Promise<Application> {
  const application = await createApplication(api);
  const answer = await patchApplication(api, application, { inboundSipCallsEnabled: true, ...wish });
  if (answer.status !== 200) {
    throw new HarnessError(
      `the application could not be enabled: the API answered ${answer.status}; see the API exchange`,
    );
  }
  return application;
}

function replaceUri(application: Application, uriUser: string | undefined): void {
  const former = application.uriUser;
  if (former !== undefined && former !== uriUser) application.formerUriUsers.push(former);
  application.uriUser = uriUser;
}

function userPart(sipUri: string): string | undefined {
  return /^sip:([^@;]+)@/.exec(sipUri)?.[1];
}
