import { parseArgs } from 'node:util';
import { nearest } from '../lab/nearest';
import { LetheError, type Setting } from '../lab/settings';

export interface Option {
  /** Placeholder of its value; absent for a switch. */
  value?: string;
  help: string;
  required?: boolean;
  /** May be given more than once. */
  multiple?: boolean;
  /** The option names a file that the command writes at the end; that it can be written is checked before the work. */
  written?: boolean;
}

/** The surroundings of a command: folder, streams, signals. */
export interface CommandContext {
  /** The folder of Lethe itself, where the embedded data lie under `public/`. */
  root: string;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** True on a terminal, where progress overwrites its own line. */
  interactive: boolean;
  /** Aborted by Ctrl-C, SIGTERM or a terminal that is closed. */
  signal: AbortSignal;
}

export interface Arguments {
  positional: string[];
  /** @returns undefined when the option was not given. */
  text(name: string): string | undefined;
  /** The value of a required option. */
  need(name: string): string;
  all(name: string): string[];
  has(name: string): boolean;
}

export interface Command {
  name: string;
  summary: string;
  /** Names of the positional arguments, as the usage line shows them. */
  positional?: { usage: string; most: number };
  options: Record<string, Option>;
  /** More lines for `--help`. */
  notes?: string[];
  run(args: Arguments, context: CommandContext): Promise<void>;
}

/** Reads a command's arguments. @throws LetheError in one sentence for anything unknown, missing or too much. */
export function readArguments(command: Command, argv: string[]): Arguments {
  const { name, options, positional } = command;
  const spec = Object.fromEntries(
    Object.entries(options).map(([option, { value, multiple }]) => [
      option,
      { type: value ? ('string' as const) : ('boolean' as const), multiple: multiple ?? false },
    ]),
  );
  const { tokens } = parseArgs({
    args: argv,
    options: spec,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const plain: string[] = [];
  const wrong = (text: string) => new LetheError(`${text}; see lethe ${name} --help.`);
  for (const token of tokens) {
    if (token.kind === 'positional') plain.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) {
      const meant = nearest(token.name, Object.keys(options));
      throw wrong(`lethe ${name} has no option ${token.rawName}${meant ? `, but --${meant}` : ''}`);
    }
    // The next option is no value; one that begins like it can be given as --out=--x.
    const isNext = token.inlineValue === false && token.value.startsWith('--');
    if (option.value && (!token.value || isNext))
      throw wrong(`${token.rawName} needs a value: ${option.value}`);
    if (!option.value && token.value !== undefined) throw wrong(`${token.rawName} takes no value`);
    if (!option.multiple && values.has(token.name)) throw wrong(`${token.rawName} was given twice`);
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  const most = positional?.most ?? 0;
  if (plain.length > most) throw wrong(`"${plain[most]}" is one argument too many`);
  for (const [option, { required, value }] of Object.entries(options))
    if (required && !values.has(option)) throw wrong(`lethe ${name} needs --${option} ${value}`);
  return {
    positional: plain,
    text: (option) => values.get(option)?.[0],
    need: (option) => values.get(option)![0]!,
    all: (option) => values.get(option) ?? [],
    has: (option) => values.has(option),
  };
}

/** What `--set` takes and its defaults, a line for each entry that has settings. */
export function settingNotes(entries: readonly { id: string; settings: Setting[] }[]): string[] {
  return entries
    .filter(({ settings }) => settings.length > 0)
    .map(({ id, settings }) => {
      const list = settings.map((setting) => `${setting.name}=${String(setting.default)}`);
      return `  ${id}: ${list.join(' ')}`;
    });
}

/** The text of `lethe <command> --help`. */
export function helpOf({ name, summary, options, positional, notes = [] }: Command): string {
  const entries = Object.entries(options).map(([option, { value, help, required, multiple }]) => {
    const left = `--${option}${value ? ` ${value}` : ''}`;
    const marks = [required ? 'required' : '', multiple ? 'repeatable' : ''].filter(Boolean).join(', ');
    return [left, marks ? `${help} (${marks})` : help] as const;
  });
  const width = Math.max(0, ...entries.map(([left]) => left.length)) + 2;
  return [
    `lethe ${name}${positional ? ` ${positional.usage}` : ''}${entries.length ? ' [options]' : ''}`,
    '',
    summary,
    ...(entries.length ? ['', ...entries.map(([left, help]) => `  ${left.padEnd(width)}${help}`)] : []),
    ...(notes.length ? ['', ...notes] : []),
  ].join('\n');
}
