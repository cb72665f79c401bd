import type { Command } from 'commander';
import { type Run, help } from './parts';

/** For whoever writes config.ts. */
export function addConfigCommands(program: Command, run: Run): void {
  program
    .command('validate')
    .aliases(['check', 'config'])
    .summary('what is wrong with config.ts, and what it would deploy')
    .description(
      'Judges config.ts as packaging does, with the line and what was probably meant, and lists what it would deploy:\nbots and their modes, sources, accounts, limits. Warns of exemptions that have ended. Asks AWS nothing. Ends with 2\nwhen config.ts is wrong.',
    )
    .addHelpText('after', () =>
      help(['selfheal validate', 'selfheal validate --json | jq ".faults[] | {at, says, line}"']),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/validate/validate')).validate(session),
      ),
    );
}
