import { resolve } from 'node:path';
import { unknownName } from '../lab/nearest';
import { FaultError, LetheError } from '../lab/settings';
import { RefusedError, refusalOf } from '../lab/store/refused';
import { LETHE_VERSION } from '../lab/version';
import { type Command, type CommandContext, helpOf, readArguments } from './command';
import { checkOutput } from './common';
import { compareCommand } from './compare';
import { devicesCommand } from './devices';
import { evaluateCommand } from './evaluate';
import { EXIT } from './exit-codes';
import { followCommand } from './follow';
import { localizeCommand } from './localize';
import { mergeCommand } from './merge';
import { orderingsCommand } from './orderings';
import { planCommand } from './plan';
import { presetsCommand } from './presets';
import { ERASE_LINE, printableWrite } from './printable';
import { reportCommand } from './report';
import { runCommand } from './run';
import { trainCommand } from './train';
import { unlearnCommand } from './unlearn';

export const commands: readonly Command[] = [
  runCommand,
  planCommand,
  mergeCommand,
  followCommand,
  reportCommand,
  orderingsCommand,
  trainCommand,
  localizeCommand,
  unlearnCommand,
  evaluateCommand,
  compareCommand,
  presetsCommand,
  devicesCommand,
];

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    `Lethe ${LETHE_VERSION}: localized machine unlearning on WebGPU, without a browser.`,
    '',
    'lethe <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'lethe <command> --help tells more; lethe --version prints the version.',
  ].join('\n');
}

/** Runs one command line. @returns the exit code. */
export async function main(argv: string[], outside: CommandContext): Promise<number> {
  // Names from files reach the terminal through here only.
  const context: CommandContext = {
    ...outside,
    stdout: (text) => outside.stdout(printableWrite(text)),
    stderr: (text) => outside.stderr(printableWrite(text)),
  };
  const [name, ...rest] = argv;
  const asksForHelp = (word: string | undefined) => word === '--help' || word === '-h' || word === 'help';
  try {
    if (name === undefined || asksForHelp(name)) {
      context.stdout(`${overview()}\n`);
      return name === undefined ? EXIT.badInput : EXIT.done;
    }
    if (name === '--version' || name === '-V') {
      context.stdout(`${LETHE_VERSION}\n`);
      return EXIT.done;
    }
    const command = commands.find((candidate) => candidate.name === name);
    if (!command)
      throw new LetheError(
        unknownName(
          'command',
          name,
          commands.map((known) => known.name),
        ),
      );
    if (rest.some(asksForHelp)) {
      context.stdout(`${helpOf(command)}\n`);
      return EXIT.done;
    }
    const args = readArguments(command, rest);
    const outputs = new Map<string, string>();
    for (const [option, { written }] of Object.entries(command.options)) {
      const path = written && args.text(option);
      if (!path) continue;
      await checkOutput(path);
      const other = outputs.get(resolve(path));
      if (other && !path.startsWith('/dev/'))
        throw new LetheError(`--${other} and --${option} name the same file, ${path}: give each its own.`);
      outputs.set(resolve(path), option);
    }
    await command.run(args, context);
    return EXIT.done;
  } catch (error) {
    const clear = context.interactive ? ERASE_LINE : '';
    const told = sentenceOf(error) ?? (context.signal.aborted ? 'Stopped.' : undefined);
    // Bad input is answered in one sentence; the stack is printed for faults of our own only, where it helps to mend them.
    const text = told ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
    context.stderr(`${clear}lethe: ${text}\n`);
    if (context.signal.aborted) return EXIT.stopped;
    return error instanceof LetheError && !isFault(error) ? EXIT.badInput : EXIT.failed;
  }
}

/** Whether trying again may help, as it stands. */
const isFault = (error: LetheError): boolean =>
  error instanceof FaultError || (error instanceof RefusedError && error.isFault);

/** The sentence for an error of the input or the system; undefined for a fault of our own. */
function sentenceOf(error: unknown): string | undefined {
  if (error instanceof LetheError) return error.message;
  if (!(error instanceof Error && 'syscall' in error)) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  return path === undefined ? error.message : (refusalOf(error, path) as Error).message;
}
