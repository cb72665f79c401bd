import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS } from '../export/formats';
import { WATCH_SECONDS } from '../watch';
import { EXIT_HELP } from '../terminal/exit-codes';
import type { GlobalOptions, Result, Session } from '../session';

/** Runs one command: begins the session with the options that all commands share, and keeps the result. */
export type Run = (options: GlobalOptions, command: (session: Session) => Promise<Result>) => Promise<void>;

/** What stands under a command's help. */
export function help(examples: readonly string[], withCodes = false): string {
  // As they are typed in a clone, and where the package is installed.
  const list = examples
    .map((example) => `  ${example.replace(/(?<=^|\| )selfheal /, 'npx selfheal ')}`)
    .join('\n');
  const codes = withCodes ? `\n\n${EXIT_HELP}` : '\n\nExit codes: see npx selfheal --help';
  return `\nExamples:\n${list}${codes}`;
}

/** The first example of a command's help. */
export function exampleOf(command: Command): string | undefined {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return /Examples:\n {2}(.*)/.exec(text)?.[1];
}

/** Reads a whole number between these. */
export function between(least: number, most: number) {
  return (value: string): number => {
    const count = Number(value);
    if (/^\d+$/.test(value) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It takes a number from ${least} to ${most}.`);
  };
}

/** Reads `a,b`, and what is given again: a list. */
export function listed(value: string, before: readonly string[] | undefined): readonly string[] {
  return [
    ...(before ?? []),
    ...value
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  ];
}

/** Options that narrow rows by what they are about. */
export function addNarrowing(command: Command, leaveOut: readonly string[] = []): Command {
  const options = [
    ['--bot <bot>', 'of these bots only; several with commas'],
    ['--account <id>', 'of these accounts only'],
    ['--severity <severity>', 'critical, high, medium, low, or high+ for high and worse'],
    ['--source <source>', 'found by these only: config, scan, securityhub, prowler …'],
    ['--resource-region <region>', 'only where resources lie in these regions'],
  ] as const;
  for (const [flags, description] of options) {
    if (!leaveOut.some((name) => flags.startsWith(`${name} `))) command.option(flags, description, listed);
  }
  return command;
}

/** Options by which rows are handed on to other tools. */
export function addHandingOn(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'print rows for another tool').choices(FORMATS))
    .option('--out <file>', 'with --format: write them into this file');
}

/** The option that shows the same again and again. */
export function addWatching(command: Command): Command {
  const { default: usual, least, most } = WATCH_SECONDS;
  return command.addOption(
    new Option('--watch [seconds]', `show it again every ${usual} seconds, until Ctrl-C`)
      .preset(String(usual))
      .argParser(between(least, most)),
  );
}
