import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process. The output listeners may abort it. */
export async function lethe(
  argv: string[],
  interrupt = new AbortController(),
  onStderr: (text: string) => void = () => {},
  onStdout: (text: string) => void = () => {},
): Promise<Outcome> {
  const out = { stdout: '', stderr: '' };
  const code = await main(argv, {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    stdout: (text) => {
      out.stdout += text;
      onStdout(text);
    },
    stderr: (text) => {
      out.stderr += text;
      onStderr(text);
    },
    interactive: false,
    signal: interrupt.signal,
  });
  return { code, ...out };
}
