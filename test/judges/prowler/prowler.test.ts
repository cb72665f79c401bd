/**
 * Prowler judges an account in which every fault is made that a bot answers one of its checks for, the bots repair what
 * it found, and it judges again. Run with `npm run judge:prowler`; needs Prowler on the path, or PROWLER naming it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { findingsIn } from '../../../cli/finding-file';
import { readFinding } from '../../../functions/findings/read';
import { catalogue } from '../../../functions/remediators/catalogue';
import { bots } from '../../../functions/remediators';
import { clientMaker } from '../../../shared/aws/clients';
import type { AnyBot } from '../../../shared/bot/bot';
import type { Config } from '../../../shared/config';
import { type Worker, work } from '../../../shared/worker/serve';
import { type World, dispatchOf, newWorld } from '../../../testing/world';
import { type Verdict, checks, judge } from './prowler';
import { type Seed, seeds } from './seeds';

const HOUR_MS = 3_600_000;
jest.setTimeout(2 * HOUR_MS);

test('what Prowler failed, and bots answer, it passes after they have been at work', async () => {
  const known = new Set(await checks());
  const answered = [...new Set(catalogue.flatMap(({ controls }) => controls.prowler ?? []))];
  const asked = answered.filter((check) => known.has(check)).sort();
  const made = seeds();
  const config = configOf(made);
  const [before, after, outcomes]: [Verdict[], Verdict[], string[]] = [[], [], []];

  // Faults whose names clash go into an account of their own.
  let left: readonly Seed[] = made;
  while (left.length > 0) {
    const world = await newWorld();
    const clashing = await make(world, left);
    const there = left.filter((seed) => !clashing.includes(seed)).map(({ bot }) => bot);
    if (there.length === 0) throw new Error(`cannot be made: ${named(left)}`);
    const theirs = asked.filter((check) =>
      catalogue.some(({ id, controls }) => there.includes(id) && controls.prowler?.includes(check)),
    );
    const found = await judge(world.account, theirs);
    before.push(...found.verdicts);
    outcomes.push(...(await ingest(world, found.file, config)));
    after.push(...(await judge(world.account, theirs)).verdicts);
    left = clashing;
  }

  const table = tableOf(asked, before, after);
  const folder = join(__dirname, '../../../.selfheal');
  mkdirSync(folder, { recursive: true });
  const unknown = answered.filter((check) => !known.has(check));
  const newer = `Checks that this Prowler does not have: ${unknown.join(', ') || 'none'}`;
  writeFileSync(join(folder, 'prowler.md'), [table, newer, 'What the bots did:', ...outcomes].join('\n\n'));
  console.log(table);
  const still = new Set(after.filter(({ failed }) => failed).map(keyOf));
  const kept = before.filter((verdict) => verdict.failed && still.has(keyOf(verdict)));
  const unexplained = kept.filter(({ check }) => !(check in STAYS));
  expect(unexplained.map(({ check, resource, says }) => `${check} ${resource}: ${says}`)).toEqual([]);
});

/** Checks that still fail for some of the resources, and why. */
const STAYS: Readonly<Record<string, string>> = {};

const keyOf = ({ check, resource }: Verdict) => `${check} ${resource}`;
const named = (some: readonly Seed[]) => some.map(({ bot }) => bot).join(', ');

/** Makes the faults; answers with those that one made before keeps from being made. */
async function make({ account }: World, made: readonly Seed[]): Promise<Seed[]> {
  const clashing: Seed[] = [];
  for (const seed of made) {
    // Nothing is scripted here: Prowler would not see it.
    await seed.given({ ...account, script: () => undefined }).catch((error: unknown) => {
      console.log(`${seed.bot}: ${String(error)}`);
      clashing.push(seed);
    });
  }
  return clashing;
}

/** Every bot that made a fault, enabled with the parameters that its test repairs it with. */
function configOf(made: readonly Seed[]): Config {
  const enabled = made.map(({ bot, params }) => [bot, { enabled: true, mode: 'auto', params }] as const);
  return { enable_auto_response: true, limits: false, bots: Object.fromEntries(enabled) } as Config;
}

/** Takes in Prowler's output as `selfheal ingest` does, and has the bots answer each message. */
async function ingest(world: World, file: string, config: Config): Promise<string[]> {
  const { accountId, region, queueUrl: QueueUrl } = world.environment;
  const rules = { config, catalogue, accountId, region };
  const failing = (await findingsIn(file)).flatMap((message) => readFinding(rules, message).readings);
  const lines: string[] = [];
  const { credentials } = world.account.client(STSClient).config;
  const clients = clientMaker({ credentials });
  for (const reading of failing) {
    if ('unusable' in reading) lines.push(`- not taken in: ${reading.unusable}`);
    if (!('remediation' in reading)) continue;
    const { remediation } = reading;
    const { bot } = (await bots[remediation.bot as keyof typeof bots]()) as unknown as { bot: AnyBot };
    const worker: Worker = { ...world, config, clients };
    const told = world.told.length;
    const dispatch = await dispatchOf(world, remediation);
    const { outcomes } = await work(bot, worker, dispatch, () => HOUR_MS);
    // What is handed back would be tried again later.
    await world.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    const said = world.told.slice(told).map((event) => ('reason' in event ? String(event.reason) : ''));
    lines.push(`- ${remediation.bot} ${remediation.target.id}: ${outcomes.join(', ')} ${said.join(' ')}`);
  }
  return lines;
}

function tableOf(asked: readonly string[], before: readonly Verdict[], after: readonly Verdict[]): string {
  const counts = (verdicts: readonly Verdict[], check: string) => {
    const own = verdicts.filter((verdict) => verdict.check === check);
    return `${own.filter(({ failed }) => failed).length} of ${own.length}`;
  };
  const rows = asked.map((check) => `| ${check} | ${counts(before, check)} | ${counts(after, check)} |`);
  return ['| check | failed before | failed after |', '| --- | --- | --- |', ...rows].join('\n');
}
