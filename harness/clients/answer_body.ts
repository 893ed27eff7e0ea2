/** No answer to a request of the suite has reason to be longer. */
const MOST_OCTETS = 16 * 1024 * 1024;

/** The head of an answer came, but not its whole body. */
export class BrokenBody extends Error {
  override readonly name = 'BrokenBody';
  readonly status: number;

  constructor(status: number, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.status = status;
  }
}

/**
 * The text of an answer's body. Rejects with a BrokenBody where it breaks off or exceeds 16 MiB.
 *
 * @param isEndedByReset nothing tells its length, so it is over where the connection is, reset or closed
 */
export async function bodyText(
  status: number,
  body: AsyncIterable<Uint8Array>,
  isEndedByReset = false,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  try {
    for await (const chunk of body) {
      octets += chunk.length;
      if (octets > MOST_OCTETS) throw new BrokenBody(status, `it has more than ${MOST_OCTETS} octets`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BrokenBody) throw error;
    if (isEndedByReset && isReset(error)) return textOf(chunks);
    throw new BrokenBody(status, `it broke off after ${octets} octets`, { cause: error });
  }
  return textOf(chunks);
}

/** Whether the other side has ended the connection. */
export function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function textOf(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
