// `npm run local`: selfheal on local AWS until it is stopped. One line of JSON on stdout, the rest on stderr.
import { Command, InvalidArgumentError, Option } from 'commander';
import { LocalError } from './aws';
import { accountOf } from './demo/account';
import { faults } from './demo/faults';
import { healthy } from './demo/healthy';
import { DEMO_CONFIG } from './demo/queue';
import { type Installation, startInstallation } from './installation';

interface Options {
  port: number;
  autoResponse: 'on' | 'off';
  region: string;
  scheduleScale: number;
  faults?: boolean;
}

const program = new Command('local')
  .description('Run selfheal on local AWS: a moto server, the deployed functions, and a stand-in for Slack.')
  .option('--port <port>', 'where local AWS listens', port, 4566)
  .addOption(
    new Option('--auto-response <state>', 'drain the queue, or leave the messages in it')
      .choices(['on', 'off'])
      .default('off'),
  )
  .option('--region <region>', 'AWS region to deploy to', 'eu-west-1')
  .option('--schedule-scale <factor>', '0.1 runs the schedule of one minute every six seconds', Number, 1)
  .option('--faults', 'make the faults of the demo, beside what is right')
  .action(run);

void program.parseAsync();

async function run(options: Options): Promise<void> {
  const stopping = new AbortController();
  const signalled = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  // npm and the terminal may both pass a signal on; a second one must not cut the clean-up short.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping.abort();
    });
  }
  const starting = startInstallation({
    port: options.port,
    region: options.region,
    autoResponse: options.autoResponse === 'on',
    scheduleScale: options.scheduleScale,
    env: { SELFHEAL_CONFIG: process.env.SELFHEAL_CONFIG ?? DEMO_CONFIG },
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
  try {
    const installation = await Promise.race([starting, signalled]);
    if (!installation) process.exit(130);
    if (options.faults) await makeFaults(installation);
    process.stdout.write(`${JSON.stringify(readyLine(installation))}\n`);
    process.stderr.write(hint(installation));
    await signalled;
    process.stderr.write('stopping …\n');
    await installation.stop();
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  process.exit(0);
}

/** Makes what the demo makes, so that there is something to find and to repair. */
async function makeFaults(installation: Installation): Promise<void> {
  const account = accountOf(installation);
  for (const { name, make } of healthy) process.stderr.write(`✓ ${name}  ${await make(account)}\n`);
  for (const { name, make } of faults) process.stderr.write(`✗ ${name}  ${await make(account)}\n`);
}

/** What to type in another terminal. */
function hint({ endpoint, region }: Installation): string {
  const config = process.env.SELFHEAL_CONFIG ?? DEMO_CONFIG;
  return [
    'ready. In another terminal:',
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test SELFHEAL_CONFIG=${config}`,
    '  npx selfheal queue',
    'Ctrl-C here ends it, and everything in it.\n',
  ].join('\n');
}

function readyLine(installation: Installation): Record<string, unknown> {
  const { accountId, deadLetterQueueUrl, endpoint, eventsTopicArn } = installation;
  const { findingsTopicArn, journalTable, queueUrl, region, slackUrl } = installation;
  return {
    ready: true,
    aws: endpoint,
    slack: slackUrl,
    region,
    accountId,
    findingsTopicArn,
    queueUrl,
    deadLetterQueueUrl,
    eventsTopicArn,
    journalTable,
  };
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError('a port is a number from 0 to 65535');
}
