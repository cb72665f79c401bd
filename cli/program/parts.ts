import { InvalidArgumentError } from 'commander';
import { EXIT_HELP } from '../terminal/exit-codes';
import type { GlobalOptions, Result, Session } from '../session';

/** Runs one command: begins the session with the options that all commands share, and keeps the result. */
export type Run = (options: GlobalOptions, command: (session: Session) => Promise<Result>) => Promise<void>;

/** What stands under a command's help. */
export function help(examples: readonly string[], withCodes = false): string {
  const list = examples.map((example) => `  ${example}`).join('\n');
  const codes = withCodes ? `\n\n${EXIT_HELP}` : '\n\nExit codes: see selfheal --help';
  return `\nExamples:\n${list}${codes}`;
}

/** Reads a whole number between these. */
export function between(least: number, most: number) {
  return (value: string): number => {
    const count = Number(value);
    if (/^\d+$/.test(value) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It takes a number from ${least} to ${most}.`);
  };
}
