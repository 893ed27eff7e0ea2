import { NOTHING, type Cargo } from './cargo.ts';
import {
  BODIES_WITH_NUL,
  CONSUMED_CREDENTIALS,
  FOREIGN_CREDENTIALS,
  HOPS,
  KEPT_BODIES,
  KEPT_FIELDS,
  RECORDED,
  ROUTES,
  SOURCES,
  STRICT_ROUTES,
  UNSAID_LENGTH,
  VENDOR_FIELDS,
  VIAS,
} from './cargoes.ts';

/** Whom a message goes to. */
export type Side = 'platform' | 'caller';

/** A message of a call, as it is named in the table. */
export interface CallMessage {
  readonly towards: Side;
  readonly method: string;
  /** Whether its request belongs to a dialog that is there already. */
  readonly isInDialog: boolean;
  /** Of a response. */
  readonly status?: number;
}

/** What becomes of a call: it is answered, or refused after some time. */
export type Course = 'answered' | 'refused';

/** What a rule says about: each of these messages, with each of these cargoes. */
export interface DeliveryRule {
  readonly rule: string;
  readonly course: Course;
  readonly cargoes: readonly Cargo[];
  readonly messages: readonly CallMessage[];
}

/** Requests in a dialog with the status that they are answered with. What a service refuses itself is not judged. */
const ASKED: readonly (readonly [method: string, status: number])[] = [
  ['INFO', 200],
  ['UPDATE', 200],
  ['PRACK', 200],
  ['OPTIONS', 488],
  ['MESSAGE', 202],
  ['REFER', 603],
  ['NOTIFY', 489],
  ['UNHEARDOF', 299],
];
/** A service may refuse these itself. */
const OPTIONAL_METHODS: readonly string[] = ASKED.map(([method]) => method);
const OTHER_SIDE = { platform: 'caller', caller: 'platform' } as const;

const INVITE: CallMessage = { towards: 'platform', method: 'INVITE', isInDialog: false };
const TO_PLATFORM = requestsTo('platform');
const TO_CALLER = requestsTo('caller');
const ANSWERS: readonly CallMessage[] = [
  { ...INVITE, towards: 'caller', status: 180 },
  { ...INVITE, towards: 'caller', status: 200 },
  ...responsesTo(TO_PLATFORM),
  ...responsesTo(TO_CALLER),
];
const REFUSALS: readonly CallMessage[] = [
  { ...INVITE, towards: 'caller', status: 183 },
  { ...INVITE, towards: 'caller', status: 486 },
];

/** What the rules say of messages that are passed on. */
export const DELIVERY_RULES: readonly DeliveryRule[] = [
  {
    rule: 'sip.headers.standard-kept',
    course: 'answered',
    cargoes: KEPT_FIELDS,
    messages: [INVITE, ...TO_PLATFORM],
  },
  {
    rule: 'sip.headers.vendor-stripped',
    course: 'answered',
    cargoes: VENDOR_FIELDS,
    messages: [INVITE, ...TO_PLATFORM],
  },
  {
    rule: 'sip.headers.credentials-consumed',
    course: 'answered',
    cargoes: CONSUMED_CREDENTIALS,
    messages: [INVITE, ...TO_PLATFORM],
  },
  {
    rule: 'sip.auth.foreign-realm',
    course: 'answered',
    cargoes: FOREIGN_CREDENTIALS,
    messages: [INVITE, ...TO_PLATFORM],
  },
  { rule: 'sip.hops.decrement', course: 'refused', cargoes: HOPS, messages: [INVITE] },
  {
    rule: 'sip.hops.every-method',
    course: 'answered',
    cargoes: HOPS,
    messages: [...TO_PLATFORM, ...TO_CALLER],
  },
  {
    rule: 'sip.via.one',
    course: 'answered',
    cargoes: VIAS,
    messages: [INVITE, ...TO_PLATFORM, ...TO_CALLER, ...ANSWERS],
  },
  { rule: 'sip.rport', course: 'answered', cargoes: SOURCES, messages: ANSWERS },
  { rule: 'sip.rport', course: 'refused', cargoes: SOURCES, messages: REFUSALS },
  {
    rule: 'sip.route.own',
    course: 'answered',
    cargoes: ROUTES,
    messages: [...TO_PLATFORM, ...TO_CALLER],
  },
  {
    rule: 'sip.dialog.in-route',
    course: 'answered',
    cargoes: RECORDED,
    messages: [INVITE, ...[...TO_PLATFORM, ...TO_CALLER].filter(isOwed)],
  },
  {
    rule: 'sip.message.forms',
    course: 'answered',
    cargoes: KEPT_FIELDS,
    messages: [...TO_CALLER, ...ANSWERS],
  },
  { rule: 'sip.message.forms', course: 'refused', cargoes: KEPT_FIELDS, messages: REFUSALS },
  {
    rule: 'sip.message.forms',
    course: 'answered',
    cargoes: [NOTHING, ...KEPT_BODIES],
    messages: [INVITE, ...TO_PLATFORM, ...TO_CALLER, ...ANSWERS],
  },
  {
    rule: 'sip.message.forms',
    course: 'answered',
    cargoes: BODIES_WITH_NUL,
    messages: [...TO_PLATFORM, ...TO_CALLER, ...responsesTo(TO_PLATFORM), ...responsesTo(TO_CALLER)],
  },
  {
    rule: 'sip.route.strict',
    course: 'answered',
    cargoes: STRICT_ROUTES,
    messages: [...TO_PLATFORM, ...TO_CALLER],
  },
  {
    rule: 'sip.body.length',
    course: 'answered',
    cargoes: [NOTHING, ...UNSAID_LENGTH],
    messages: [...TO_CALLER, ...ANSWERS.filter(({ towards }) => towards === 'caller')],
  },
];

/** Who sends the request that a message is or answers. */
export function askerOf({ towards, status }: CallMessage): Side {
  return status === undefined ? OTHER_SIDE[towards] : towards;
}

/** Whether a service has to pass this request on: it may refuse others itself. */
export function isOwed({ method }: CallMessage): boolean {
  return !OPTIONAL_METHODS.includes(method);
}

/** A message as it is called in the table. */
export function titleOf({ towards, method, isInDialog, status }: CallMessage): string {
  const request = method === 'INVITE' && isInDialog ? 're-INVITE' : method;
  return `${status === undefined ? request : `${status} to ${request}`}, to the ${towards}`;
}

/** The status with which the side that is asked answers. */
export function statusFor(method: string): number {
  return ASKED.find(([asked]) => asked === method)?.[1] ?? 200;
}

function requestsTo(towards: Side): CallMessage[] {
  const methods = [...ASKED.map(([method]) => method), 'INVITE', 'ACK', 'BYE'];
  return methods.map((method) => ({ towards, method, isInDialog: true }));
}

function responsesTo(requests: readonly CallMessage[]): CallMessage[] {
  return requests
    .filter(({ method }) => method !== 'ACK')
    .map((request) => ({
      ...request,
      towards: OTHER_SIDE[request.towards],
      status: statusFor(request.method),
    }));
}
