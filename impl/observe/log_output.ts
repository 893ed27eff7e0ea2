import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Where the lines of the log go. A write never throws: a log that cannot be written stops nothing. */
export interface LogOutput {
  /** Takes whole lines. Calls `lost`, at once or later, with how many of them, the last ones, did not get through. */
  write(lines: string, lost: (count: number) => void): void;
  /** How many written octets nobody has read yet. */
  backlog(): number;
}

const LINE_END = 0x0a;

/** Standard output: written in the background if it is a pipe or a terminal, at once if it is a file. */
export function standardOutput(): LogOutput {
  // Each failed write is heard by its own callback; without this listener it would end the process too.
  process.stdout.on('error', () => undefined);
  return process.stdout instanceof Socket ? streamOutput(process.stdout) : fileOutput(1);
}

function streamOutput(stream: Socket): LogOutput {
  return {
    write(lines, lost) {
      stream.write(lines, (error) => {
        if (error) lost(lineEnds(Buffer.from(lines)));
      });
    },
    backlog: () => stream.writableLength,
  };
}

/**
 * A file. A disk that fills up may take part of a line, which node's own stream does not notice. The line counts as
 * lost, and the next one begins on a line of its own.
 */
function fileOutput(descriptor: number): LogOutput {
  let endsInLine = false;
  return {
    write(lines, lost) {
      const octets = Buffer.from(endsInLine ? `\n${lines}` : lines);
      let written = 0;
      try {
        while (written < octets.length) written += writeSync(descriptor, octets, written);
      } catch {
        const isMarkUnwritten = endsInLine && written === 0;
        lost(lineEnds(octets.subarray(written)) - (isMarkUnwritten ? 1 : 0));
      }
      if (written > 0) endsInLine = octets[written - 1] !== LINE_END;
    },
    backlog: () => 0,
  };
}

function lineEnds(octets: Buffer): number {
  let count = 0;
  for (const octet of octets) if (octet === LINE_END) count++;
  return count;
}
