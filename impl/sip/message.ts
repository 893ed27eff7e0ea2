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
  /** Where the field's line starts in the message's text, and where the next line starts. */
  readonly start: number;
  readonly end: number;
}

/** What requests and responses share: the text, one character per octet, and its header fields in order. */
export class SipMessage {
  /** The whole datagram, or message cut from a stream, as Latin-1 text; the fields' offsets point into it. */
  readonly text: string;
  readonly headers: readonly HeaderField[];
  /** Offsets of the start line, the header fields, the body, and the end of the message. */
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

  /** The first field with that canonical key. */
  field(key: string): HeaderField | undefined {
    for (const field of this.headers) if (field.key === key) return field;
    return undefined;
  }

  /** The value of the first field with that canonical key. */
  value(key: string): string | undefined {
    return this.field(key)?.value;
  }

  /** The values of all fields with that canonical key, in order. */
  values(key: string): string[] {
    const values: string[] = [];
    for (const field of this.headers) if (field.key === key) values.push(field.value);
    return values;
  }

  /** The first Contact; undefined if there is none, or it is malformed or `*`. */
  get contact(): NameAddr | undefined {
    const value = this.value('contact');
    return value === undefined ? undefined : parseNameAddr(value);
  }
}

/** A message's text, its fields, and the offsets of its pieces. */
export interface MessageFrame {
  readonly text: string;
  readonly headers: readonly HeaderField[];
  readonly start: number;
  readonly headersStart: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** The header values that every message must have (RFC 3261 8.1.1), parsed and well-formed. */
export interface RequiredValues {
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
}

/** A Proxy-Authorization field; `credentials` is undefined if the scheme is not Digest, or the value malformed. */
export interface ProxyAuthorization {
  readonly field: HeaderField;
  readonly credentials: DigestCredentials | undefined;
}

/** A request that can be processed: it has all that RFC 3261 8.1.1 demands, well-formed. */
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
  /** Undefined if the header is missing. */
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

  /** The Request-URI, parsed; it is well-formed. */
  get uri(): SipUri {
    if (this.#uri === null) this.#uri = parseSipUri(this.uriText);
    return this.#uri!;
  }

  /** All Proxy-Authorization fields, parsed once. */
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

/** A request that cannot be processed, with what its answer needs. */
export interface MalformedRequest {
  readonly kind: 'malformed';
  /** 400, 413, 414, 416, 505 or 513. */
  readonly status: number;
  readonly reasonPhrase: string;
  readonly message: SipMessage;
  readonly via: Via;
}

/** A packet that gets no answer: a keep-alive, a malformed response or ACK, or one without a usable Via. */
export interface Dropped {
  readonly kind: 'drop';
  readonly why: string;
}

/** What a packet turned out to be; `kind` tells which. */
export type Parsed = SipRequest | SipResponse | MalformedRequest | Dropped;
