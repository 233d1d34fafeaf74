import type { ResultFolder } from '../../src/app/client/folder/result-folder';
import type { LabEvent } from '../../src/lab/lab-api';
import { encodeEvent } from '../../src/lab/results/progress-log';

/** A result folder in memory; the test sets its clock. */
export function fakeFolder(name = 'out') {
  const files = new Map<string, { content: string; changed: number }>();
  let now = 1_000_000;
  const reads: { path: string; from: number }[] = [];
  const folder: ResultFolder = {
    name,
    live: true,
    async list() {
      return [...files].map(([path, { content, changed }]) => {
        const bytes = new TextEncoder().encode(content);
        return {
          path,
          size: bytes.length,
          changed,
          text: async (from = 0, to?: number) => {
            reads.push({ path, from });
            return new TextDecoder().decode(bytes.slice(from, to));
          },
        };
      });
    },
  };
  return {
    folder,
    files,
    /** The files that were read, in order. */
    reads,
    now: () => now,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    write(path: string, content: unknown) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      files.set(path, { content: text, changed: now });
    },
    append(path: string, ...events: LabEvent[]) {
      const lines = events.flatMap((event) => encodeEvent(event) ?? []).map((line) => `${line}\n`);
      const before = files.get(path)?.content ?? `{"lethe":1,"started":"${now}"}\n`;
      files.set(path, { content: before + lines.join(''), changed: now });
    },
  };
}
