import { type Command, CommanderError } from 'commander';
import { Problem, explain } from './terminal/errors';
import { EXIT, type ExitCode } from './terminal/exit-codes';
import { type Io, terminal } from './terminal/io';
import { jsonText, paints, type Printable, printable, text } from './terminal/print';
import { newProgram } from './program';
import { exampleOf } from './program/parts';
import { type GlobalOptions, type Result, type World, newSession, realWorld } from './session';

/** Runs the command on this process's terminal. */
export function start(argv: readonly string[]): void {
  void main(argv, realWorld(terminal())).then((code) => {
    process.exitCode = code;
  });
}

/** Runs the command: prints, and answers with the exit code. Never throws. */
export async function main(argv: readonly string[], world: World): Promise<ExitCode> {
  const { io } = world;
  const json = argv.includes('--json');
  let result: Result | undefined;
  let region: string | undefined;
  let stage = 'prod';
  const program = newProgram(async (options: GlobalOptions, command) => {
    region = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    stage = options.stage;
    result = await command(newSession(world, options));
  });
  program.exitOverride().configureOutput({
    writeOut: (help) => {
      io.out(trusted(help));
    },
    outputError: () => undefined,
    getOutHelpWidth: () => io.columns,
    getOutHasColors: () => io.colour,
  });
  let called: Command | undefined;
  for (const command of program.commands) {
    command.copyInheritedSettings(program).exitOverride((error) => {
      called = command;
      throw error;
    });
  }
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    if (!result) return EXIT.fine;
    if (json) io.out(jsonText(result.document, 2));
    return result.exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
    const problem = error instanceof CommanderError ? new Problem(usage(error, called)) : error;
    const { sentence, exit } = explain(problem, { stage, region });
    // Whoever reads the document on the same terminal has read it.
    if (!(json && io.isTerminal)) report(io, sentence, argv);
    if (process.env.DEBUG === 'selfheal' && error instanceof Error) io.err(trusted(error.stack ?? ''));
    if (json) io.out(jsonText({ error: sentence, exit }, 2));
    return exit;
  }
}

function report(io: Io, sentence: string, argv: readonly string[]): void {
  const paint = paints(io.colour && !argv.includes('--no-color') && !argv.includes('--json'));
  io.err(text`${paint.red(text`selfheal:`)} ${printable(sentence)}`);
}

/** Commander's own sentence, in one line, with an example: "unknown option '--foo' (Did you mean --force?)". */
function usage({ message, code }: CommanderError, command: Command | undefined): string {
  const says = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const example = command && code === 'commander.missingArgument' ? exampleOf(command) : undefined;
  const words = command ? `${command.name()} --help` : '--help';
  return `${says}: ${example === undefined ? '' : `${example}, for example; `}see npx selfheal ${words}`;
}

/** Text of our own, with its line ends. */
function trusted(own: string): Printable {
  return own.trimEnd() as Printable;
}
