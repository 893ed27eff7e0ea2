import { parseCredentials, type DigestCredentials } from './digest.ts';
import { parseNameAddr, type NameAddr } from './name_addr.ts';
import { parseSipUri, type SipUri } from './uri.ts';
import type { Via } from './via.ts';

/** A header field as it was received. */
export interface HeaderField {
  /** Lower-case name, compact form expanded. */
  readonly key: string;
  /** Name as written. */
  readonly name: string;
  /** Value as written between the blanks around it, folding included. */
  readonly value: string;
  /** Where the field's line starts in the message's text, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

/** What requests and responses share: the text, one character an octet, and its header fields in order. */
export class SipMessage {
  /** The whole datagram or segment as Latin-1 text; offsets of the fields point into it. */
  readonly text: string;
  readonly headers: readonly HeaderField[];
  /** Where the start line begins, the header fields, the body; and where the message ends. */
  readonly start: number;
  readonly headersStart: number;
  readonly bodyStart: number;
  readonly end: number;

  constructor(frame: MessageFrame) {
    this.text = frame.text;
    this.headers = frame.headers;
    this.start = frame.start;
    this.headersStart = frame.headersStart;
    this.bodyStart = frame.bodyStart;
    this.end = frame.end;
  }

  /** The first field of that canonical key. */
  field(key: string): HeaderField | undefined {
    for (const field of this.headers) if (field.key === key) return field;
    return undefined;
  }

  /** The value of the first field of that canonical key. */
  value(key: string): string | undefined {
    return this.field(key)?.value;
  }

  /** The values of every field of that canonical key, in order. */
  values(key: string): string[] {
    const values: string[] = [];
    for (const field of this.headers) if (field.key === key) values.push(field.value);
    return values;
  }

  /** The first Contact; undefined where there is none or it is malformed (or `*`). */
  get contact(): NameAddr | undefined {
    const value = this.value('contact');
    return value === undefined ? undefined : parseNameAddr(value);
  }
}

/** Where the pieces of a message stand in its text. */
export interface MessageFrame {
  readonly text: string;
  readonly headers: readonly HeaderField[];
  readonly start: number;
  readonly headersStart: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** The header values without which no message is processed (RFC 3261 8.1.1), parsed and found well-formed. */
export interface RequiredValues {
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
}

/** A Proxy-Authorization field and what it says; `credentials` is undefined for another scheme, or where malformed. */
export interface ProxyAuthorization {
  readonly field: HeaderField;
  readonly credentials: DigestCredentials | undefined;
}

/** A request that can be processed: what RFC 3261 section 8.1.1 demands is there and well-formed. */
export class SipRequest extends SipMessage implements RequiredValues {
  readonly kind = 'request';
  readonly method: string;
  /** Request-URI as received. */
  readonly uriText: string;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
  /** Undefined where the header is missing. */
  readonly maxForwards: number | undefined;
  #uri: SipUri | undefined | null = null;
  #proxyAuthorizations: readonly ProxyAuthorization[] | undefined;

  constructor(
    frame: MessageFrame,
    method: string,
    uriText: string,
    required: RequiredValues,
    maxForwards: number | undefined,
  ) {
    super(frame);
    this.method = method;
    this.uriText = uriText;
    this.via = required.via;
    this.from = required.from;
    this.to = required.to;
    this.callId = required.callId;
    this.cseq = required.cseq;
    this.maxForwards = maxForwards;
  }

  /** The Request-URI split up; the parser has found it well-formed. */
  get uri(): SipUri {
    if (this.#uri === null) this.#uri = parseSipUri(this.uriText);
    return this.#uri!;
  }

  /** Every Proxy-Authorization field, parsed once. */
  get proxyAuthorizations(): readonly ProxyAuthorization[] {
    this.#proxyAuthorizations ??= this.headers
      .filter((field) => field.key === 'proxy-authorization')
      .map((field) => ({ field, credentials: parseCredentials(field.value) }));
    return this.#proxyAuthorizations;
  }
}

/** A response that can be matched to a transaction. */
export class SipResponse extends SipMessage implements RequiredValues {
  readonly kind = 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reasonPhrase: string;
  /** The method of the CSeq header. */
  readonly method: string;
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;

  constructor(
    frame: MessageFrame,
    status: number,
    reasonPhrase: string,
    method: string,
    required: RequiredValues,
  ) {
    super(frame);
    this.status = status;
    this.reasonPhrase = reasonPhrase;
    this.method = method;
    this.via = required.via;
    this.from = required.from;
    this.to = required.to;
    this.callId = required.callId;
    this.cseq = required.cseq;
  }
}

/** A request that cannot be processed, with what is needed to say so. */
export interface MalformedRequest {
  readonly kind: 'malformed';
  /** 400, 413, 414, 416 or 505. */
  readonly status: number;
  readonly reasonPhrase: string;
  readonly message: SipMessage;
  readonly via: Via;
}

/** What is not answered: keep-alives, malformed responses and ACKs, and what has no usable Via. */
export interface Dropped {
  readonly kind: 'drop';
  readonly why: string;
}

export type Parsed = SipRequest | SipResponse | MalformedRequest | Dropped;
