import type { Command } from 'commander';
import { type Run, help } from './parts';

/** What hands config.ts over to Serverless. */
export function addDeployCommands(program: Command, run: Run): void {
  program
    .command('deploy')
    .summary('deploy what config.ts says')
    .description(
      'Deploys selfheal with the config.ts of this folder, or the file that SELFHEAL_CONFIG names, by the Serverless\nFramework that comes with it. --package only writes what would be deployed, and asks AWS nothing.',
    )
    .option('--package <folder>', 'write templates and functions into this folder, deploy nothing')
    .option('--force', 'deploy although nothing has changed')
    .option('--verbose', 'show what CloudFormation does')
    .addHelpText('after', () =>
      help([
        'selfheal deploy --region eu-west-1',
        'selfheal deploy --region eu-west-1 --stage dev --profile sandbox',
        'selfheal deploy --region eu-west-1 --package ./out',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/deploy/deploy')).deploy(session, command.opts()),
      ),
    );

  program
    .command('review')
    .summary('what a change of config.ts would deploy')
    .description(
      'Compares config.ts with what it was in another revision of its git repository: bots, modes, parameters and rules\nthat are added, removed or changed. Asks AWS nothing. Ends with 1 when config.ts cannot be deployed.',
    )
    .option('--base <revision>', 'a branch, tag or commit', 'HEAD')
    .option('--comment', 'in GitHub Actions: comment on the pull request; with GITHUB_TOKEN')
    .addHelpText('after', () =>
      help([
        'selfheal review',
        'selfheal review --base origin/main',
        'selfheal review --base origin/main --json',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/review/review')).review(session, command.opts()),
      ),
    );

  program
    .command('remove')
    .summary('take the installation down')
    .description(
      "Deletes all that `npx selfheal deploy` made, except the journal's table. Messages that wait are lost with their queue.",
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', () => help(['selfheal remove --region eu-west-1 --stage dev']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/deploy/deploy')).remove(session, command.opts()),
      ),
    );
}
