import { Command, InvalidArgumentError, Option } from 'commander';
import { addChangeCommands } from './program/changes';
import { addConfigCommands } from './program/config';
import { addDeployCommands } from './program/deploy';
import { addFindingCommands } from './program/findings';
import { addInstallationCommands } from './program/installation';
import { addPageCommands } from './program/pages';
import { addPlanCommands } from './program/plans';
import { addResourceCommands } from './program/resources';
import { addShellCommands } from './program/shell';
import { type Run, help } from './program/parts';
import { version } from './version';

/** The commands, their options and their help. What they do is loaded when one is called. */
export function newProgram(run: Run): Command {
  const program = new Command('selfheal')
    .description(
      'Self-healing security for AWS: see what is wrong and what would be done, repair it, undo it.',
    )
    .option(
      '--region <region>',
      'where selfheal is installed, and where resources are looked for that name no region (default: AWS_REGION, or the profile)',
    )
    .addOption(new Option('--stage <stage>', 'which installation').default('prod').argParser(stage))
    .option('--profile <name>', 'the profile of your AWS credentials')
    .option('--assume-role <name>', 'the role by which you reach resources in other accounts')
    .option('--json', 'print one JSON document on stdout and nothing else')
    .option('--no-color', 'no colours')
    .name('npx selfheal')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({
      showGlobalOptions: true,
      // Lines are broken by the terminal's width alone.
      commandDescription: (command) => command.description().replace(/\n/g, ' '),
    })
    .addHelpText('after', () => help(START, true));
  program.version(version(), '--version', 'show the version');

  addResourceCommands(program, run);
  addChangeCommands(program, run);
  addPlanCommands(program, run);
  addFindingCommands(program, run);
  addPageCommands(program, run);
  addInstallationCommands(program, run);
  addConfigCommands(program, run);
  addDeployCommands(program, run);
  addShellCommands(program, run);
  return program;
}

const START = [
  'selfheal init                      write a config.ts to begin with',
  'selfheal doctor                    check the installation',
  'selfheal bots                      what can be repaired',
  'selfheal plan kms_enable_rotation <key>   what would be done to one key; writes nothing',
  'selfheal queue                     what waits while auto response is off',
  'selfheal explain finding.json      what would happen to a finding, and why',
  'selfheal history                   what was changed',
  'selfheal undo <id>                 undo a change',
  'selfheal report                    all of it as a page',
];

function stage(value: string): string {
  if (/^[A-Za-z0-9-]{1,30}$/.test(value)) return value;
  throw new InvalidArgumentError('A stage is letters, digits and hyphens.');
}
