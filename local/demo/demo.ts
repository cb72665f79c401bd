/**
 * `npm run demo`: deploys selfheal to local AWS, makes faults beside things that are right, shows the queue while
 * auto response is off, switches it on, and proves what became of all of it. Exit 0 only if every fault is fixed,
 * everything else untouched, and both queues empty.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import pc from 'picocolors';
import { type JournalEntry, journal } from '../../shared/worker/journal';
import { LocalError } from '../aws';
import { type Installation, startInstallation } from '../installation';
import { type Account, accountOf } from './account';
import { type Fault, faults } from './faults';
import { healthy } from './healthy';
import { DEMO_CONFIG, REPORT, showQueue, writeReport } from './queue';
import { type Story, tell } from './timeline';

/** How long any one thing may take before the demo gives up on it. */
const PATIENCE_MS = 180_000;

interface Made {
  readonly fault: Fault;
  readonly id: string;
  readonly beside: unknown;
}

interface Kept {
  readonly name: string;
  readonly untouched: boolean;
}

interface Result {
  readonly fixed: readonly { readonly fault: string; readonly resource: string; readonly fixed: boolean }[];
  readonly untouched: readonly Kept[];
  readonly slack: readonly string[];
  readonly queue: { readonly remediation: number; readonly deadLetter: number };
  readonly seconds: number;
}

const program = new Command('demo')
  .description('Fault → fix → Slack on local AWS, in about a minute.')
  .option('--json', 'print one JSON object instead of the story')
  .action(({ json = false }: { json?: boolean }) => run(json));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof LocalError ? error.message : error);
  process.exit(1);
});

async function run(json: boolean): Promise<void> {
  const started = Date.now();
  const say = (line = '') => {
    if (!json) console.log(line);
  };
  const log = (line: string) => {
    if (line.trim()) console.error(pc.dim(`  ${line.trim()}`));
  };

  say(pc.bold('selfheal: from a fault to a fix, on local AWS'));
  say('Deploying with `serverless deploy` …');
  const installation = await startInstallation({
    autoResponse: false,
    scheduleScale: 0.1,
    env: { SELFHEAL_CONFIG: DEMO_CONFIG },
    log,
  });
  const stop = async () => installation.stop();
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  try {
    const result = await perform(installation, started, say);
    const good = isGood(result);
    if (json) console.log(JSON.stringify(result));
    else summary(result, good, say);
    process.exitCode = good ? 0 : 1;
  } finally {
    await stop();
  }
}

async function perform(
  installation: Installation,
  started: number,
  say: (line?: string) => void,
): Promise<Result> {
  const account = accountOf(installation);
  say();
  say(pc.bold('What is wrong in the account'));
  const kept: { name: string; before: unknown; read: () => Promise<unknown> }[] = [];
  for (const { name, make, read } of healthy) {
    const id = await make(account);
    kept.push({ name, before: await read(account, id), read: () => read(account, id) });
  }
  const made: Made[] = [];
  for (const fault of faults) {
    const id = await fault.make(account);
    made.push({ fault, id, beside: await fault.neighbours?.(account, id) });
    say(`  ${pc.red('✗')} ${fault.name}  ${pc.dim(id)}`);
  }
  say(pc.bold('And what is right, or left so by intent'));
  for (const { name } of healthy) say(`  ${pc.green('✓')} ${name}`);

  const expected = made.reduce((sum, { fault }) => sum + fault.bots.length, 0);
  await until(
    'the findings on the queue',
    async () => (await depth(account, installation.queueUrl)) >= expected,
  );
  say();
  say(pc.bold('Auto response is off: the findings wait in the queue, and nothing happens to the account'));
  await showQueue(installation, say);
  say(
    pc.dim(
      '  Some are stale already: AWS Config saw a key before its owner turned rotation on. Bots look again first.',
    ),
  );
  const early = await Promise.all(made.map(({ fault, id }) => fault.isFixed(account, id)));
  if (early.some(Boolean)) throw new Error('a fault was fixed while auto response was off');

  say();
  say(pc.bold('Auto response on'));
  const switchedOn = Date.now();
  await installation.setAutoResponse(true);
  const book = journal(installation.journalTable, account.dynamodb);
  const pressed = new Set<string>();
  await until('all repairs', async () => {
    for (const button of installation.slack.buttons()) {
      if (button.label !== 'Approve' || pressed.has(button.value)) continue;
      pressed.add(button.value);
      await installation.slack.press(button);
    }
    const fixed = await Promise.all(made.map(({ fault, id }) => fault.isFixed(account, id)));
    return fixed.every(Boolean) && (await depth(account, installation.queueUrl)) === 0;
  });
  const seconds = (Date.now() - switchedOn) / 1000;
  const entries = (await book.list()).filter(({ target }) => made.some(({ id }) => id === target.id));
  await until('Slack', () => Promise.resolve(entries.every((entry) => toldOf(entry, installation))));
  // It is written while the rest is looked at.
  const written = writeReport(installation);
  for (const { fault, id } of made) tell(storyOf(fault, id, entries, installation), say);
  say(pc.dim(`\nEverything was put right ${seconds.toFixed(1)} s after the switch.`));

  const beside = await Promise.all(
    made.flatMap(({ fault, id, beside: before }) =>
      fault.neighbours
        ? [
            fault
              .neighbours(account, id)
              .then((now) =>
                keptAs(`what lies beside ${fault.name.replace(/, beside .*/, '')}`, before, now),
              ),
          ]
        : [],
    ),
  );
  const untouched = await Promise.all(
    kept.map(async ({ name, before, read }) => keptAs(name, before, await read())),
  );
  await written;
  return {
    fixed: await Promise.all(
      made.map(async ({ fault, id }) => ({
        fault: fault.name,
        resource: id,
        fixed: await fault.isFixed(account, id),
      })),
    ),
    untouched: [...untouched, ...beside],
    slack: slackTexts(installation),
    queue: {
      remediation: await depth(account, installation.queueUrl),
      deadLetter: await depth(account, installation.deadLetterQueueUrl),
    },
    seconds: Math.round((Date.now() - started) / 100) / 10,
  };
}

function isGood({ fixed, untouched, queue }: Result): boolean {
  return (
    fixed.every((fault) => fault.fixed) &&
    untouched.every((thing) => thing.untouched) &&
    queue.remediation === 0 &&
    queue.deadLetter === 0
  );
}

function summary(
  { fixed, untouched, slack, queue, seconds }: Result,
  good: boolean,
  say: (line?: string) => void,
) {
  const mark = (fine: boolean) => (fine ? pc.green('✓') : pc.red('✗'));
  say();
  say(pc.bold('Looked at again, without the bots'));
  for (const fault of fixed) say(`  ${mark(fault.fixed)} fixed      ${fault.fault}`);
  for (const thing of untouched) say(`  ${mark(thing.untouched)} untouched  ${thing.name}`);
  say(`  ${mark(queue.remediation === 0)} the queue is empty`);
  say(`  ${mark(queue.deadLetter === 0)} the dead-letter queue is empty`);
  say(`  ${slack.length} messages in Slack, ${seconds} s in all, the deployment included`);
  say(`  all of it as a page, for your browser: ${pc.cyan(REPORT)}`);
  say(good ? pc.green('All is well.') : pc.red('Not all is well.'));
}

function storyOf(
  fault: Fault,
  id: string,
  entries: readonly JournalEntry[],
  installation: Installation,
): Story {
  const changes = entries.filter(({ target }) => target.id === id).reverse();
  return {
    name: fault.name,
    id,
    chapters: changes.map((entry) => ({ entry, slack: toldOf(entry, installation) })),
  };
}

/** The message of Slack that tells of a change; several at once are told in one. */
function toldOf({ id, bot, target }: JournalEntry, installation: Installation): string | undefined {
  // That it was planned is not that it was done.
  const texts = slackTexts(installation).filter((text) => !text.includes('"selfheal_approve"'));
  return (
    texts.find((text) => text.includes(id)) ??
    texts.find((text) => text.includes(bot) && text.includes(target.id))
  );
}

/** What a reader of the channel sees, without the layout. */
function slackTexts({ slack }: Installation): string[] {
  return slack.messages.map(({ body }) => JSON.stringify(body));
}

function keptAs(name: string, before: unknown, now: unknown): Kept {
  return { name, untouched: isDeepStrictEqual(before, now) };
}

async function depth({ sqs }: Account, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new LocalError(`waited ${PATIENCE_MS / 1000} s for ${what}, in vain`);
    await sleep(250);
  }
}
