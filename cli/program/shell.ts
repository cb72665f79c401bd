import { Argument, type Command } from 'commander';
import { type Run, help } from './parts';

/** For the shell in which commands are typed. */
export function addShellCommands(program: Command, run: Run): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish'] as const))
    .summary('have the shell complete commands, options and bots')
    .description(
      'Prints a script for your shell. Keep it in a file, have the shell read that when it starts, and print it anew after an upgrade: completing then starts nothing. It completes `npx selfheal` and `selfheal`.',
    )
    .addHelpText('after', () =>
      help([
        'selfheal completion bash > ~/.selfheal-completion   # in ~/.bashrc: source ~/.selfheal-completion',
        'selfheal completion zsh > ~/.selfheal-completion    # in ~/.zshrc: source ~/.selfheal-completion',
        'selfheal completion fish > ~/.config/fish/conf.d/selfheal.fish',
      ]),
    )
    .action((shell: 'bash' | 'zsh' | 'fish', _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/completion/completion')).completion(session, program, shell),
      ),
    );
}
