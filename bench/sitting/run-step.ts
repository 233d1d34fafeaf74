import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from './step';

/** How the processes of a step ended. */
export interface Ending {
  status: 'done' | 'cut' | 'failed' | 'stopped';
  seconds: number;
  /** One sentence, unless it is done. */
  reason?: string;
}

export interface Surroundings {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File that all output goes to. */
  log: string;
  /** Gets each line that a process writes. */
  onLine?: (line: string) => void;
  /** Ends the step when the sitting is interrupted. */
  signal?: AbortSignal;
  /** Seconds between the request to end and the end by force: `lethe` keeps its state meanwhile. */
  grace?: number;
}

const GRACE = 12;

/** Runs a step's commands one after the other until the first that fails or the end of the time. Never rejects. */
export async function runCommands(
  commands: Command[],
  seconds: number,
  surroundings: Surroundings,
): Promise<Ending> {
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  const log = createWriteStream(surroundings.log);
  // A full disk must not end the sitting: what is lost is this log.
  log.on('error', () => {});
  let ending: Omit<Ending, 'seconds'> = { status: 'done' };
  for (const command of commands) {
    ending = await runOne(command, seconds - passed(), surroundings, (text) => void log.write(text));
    if (ending.status !== 'done') break;
  }
  if (ending.status === 'cut') ending.reason = `It was ended after its ${Math.round(seconds)} seconds.`;
  log.end();
  await finished(log).catch(() => {});
  return { ...ending, seconds: passed() };
}

function runOne(
  { program, args }: Command,
  seconds: number,
  { cwd, env, onLine, signal, grace = GRACE }: Surroundings,
  write: (text: string) => void,
): Promise<Omit<Ending, 'seconds'>> {
  return new Promise((resolve) => {
    // A group of its own, so that what it has started (a browser, say) ends with it.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let ended: 'cut' | 'stopped' | undefined;
    let force: NodeJS.Timeout | undefined;
    const kill = (name: NodeJS.Signals) => {
      try {
        process.kill(-child.pid!, name);
      } catch {
        // It is gone already.
      }
    };
    const end = (why: 'cut' | 'stopped') => {
      if (ended || child.pid === undefined) return;
      ended = why;
      kill('SIGTERM');
      force = setTimeout(() => kill('SIGKILL'), 1000 * grace);
    };
    const limit = setTimeout(() => end('cut'), 1000 * Math.max(0, seconds));
    const stop = () => end('stopped');
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    const said = lastLines();
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        write(text);
        for (const line of said.take(text)) onLine?.(line);
      });
    const settle = (ending: Omit<Ending, 'seconds'>) => {
      clearTimeout(limit);
      clearTimeout(force);
      signal?.removeEventListener('abort', stop);
      // Whatever it has left running must not slow the next step.
      kill('SIGKILL');
      resolve(ending);
    };
    child.on('error', (error) =>
      settle({ status: 'failed', reason: `It could not be started: ${error.message}.` }),
    );
    child.on('close', (code, killedBy) => {
      if (ended) settle({ status: ended });
      else if (code === 0) settle({ status: 'done' });
      else settle({ status: 'failed', reason: failureOf(said.lines(), killedBy ?? code!) });
    });
  });
}

/** Joins the chunks of a stream into lines and remembers the last few. */
function lastLines() {
  const lines: string[] = [];
  let open = '';
  return {
    take(text: string): string[] {
      const parts = (open + text).split(/\r?\n|\r/);
      open = parts.pop()!;
      const whole = parts.map((line) => line.trim()).filter(Boolean);
      lines.push(...whole);
      lines.splice(0, lines.length - 30);
      return whole;
    },
    lines: () => [...lines, open.trim()].filter(Boolean),
  };
}

/** What a process said of its failure: the error's own line, which a stack trace may follow; else its last words. */
export function failureOf(lines: string[], code: number | NodeJS.Signals): string {
  const error = lines.findLast((line) => /^(lethe: |(Uncaught )?\w*Error\b.*: )/.test(line));
  const words = (error ?? lines.at(-1))?.replace(/^(lethe: )?((Uncaught )?\w*Error\b[^:]*: )?/, '');
  const how = typeof code === 'number' ? `with exit code ${code}` : `by ${code}`;
  return words ? `It ended ${how}: ${words}` : `It ended ${how} and said nothing.`;
}
