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
  const [before, after, done]: [Verdict[], Verdict[], Done[]] = [[], [], []];

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
    done.push(...(await ingest(world, found, config)));
    after.push(...(await judge(world.account, theirs)).verdicts);
    left = clashing;
  }

  const still = new Set(after.filter(({ failed }) => failed).map(keyOf));
  const kept = before.filter((verdict) => verdict.failed && still.has(keyOf(verdict)));
  const unexplained = kept.filter(
    (verdict) => !(verdict.check in STAYS) && !done.some((one) => one.key === keyOf(verdict) && one.isLeft),
  );
  const table = tableOf(asked, before, after);
  const folder = join(__dirname, '../../../.selfheal');
  mkdirSync(folder, { recursive: true });
  const unknown = answered.filter((check) => !known.has(check));
  const newer = `Checks that this Prowler does not have: ${unknown.join(', ') || 'none'}`;
  const lines = done.map(({ key, said }) => `- ${key}: ${said}`);
  writeFileSync(join(folder, 'prowler.md'), [table, newer, ...lines].join('\n\n'));
  expect(unexplained.map(({ check, resource, says }) => `${check} ${resource}: ${says}`)).toEqual([]);
});

/** Checks that may fail still, and why; what a bot holds or leaves alone says so itself. */
const STAYS: Readonly<Record<string, string>> = {
  cloudtrail_cloudwatch_logging_enabled: 'moto never delivers to CloudWatch Logs',
  ecs_task_definitions_containers_readonly_access: 'old revisions stay; the newest is the one that counts',
  ecs_task_definitions_logging_enabled: 'old revisions stay; the newest is the one that counts',
  eks_control_plane_logging_all_types_enabled: 'the bot turns on what its parameters name: the audit log',
  guardduty_ec2_malware_protection_enabled: 'the bot turns on the features that its parameters name',
  guardduty_eks_audit_log_enabled: 'the bot turns on the features that its parameters name',
  guardduty_lambda_protection_enabled: 'the bot turns on the features that its parameters name',
  guardduty_rds_protection_enabled: 'the bot turns on the features that its parameters name',
  guardduty_s3_protection_enabled: 'the bot turns on the features that its parameters name',
  iam_policy_attached_only_to_group_or_roles: 'policies that only deny stay',
  rds_instance_critical_event_subscription:
    'Prowler wants these events and no others; those that stand there stay',
  rds_instance_enhanced_monitoring_enabled: 'moto does not show the monitoring of an instance',
  route53_public_hosted_zones_cloudwatch_logging_enabled: 'moto cannot list what it has none of',
  secretsmanager_secret_rotated_periodically: 'moto does not know when a secret was rotated',
  secretsmanager_secret_unused: 'a secret that is days old may be used yet; Prowler asks for its use at once',
  sns_topics_not_publicly_accessible: 'Prowler takes a condition on the owner for none',
  sqs_queues_not_publicly_accessible: 'Prowler takes a condition on an organization for none',
};

/** What the bots made of one finding. */
interface Done {
  readonly key: string;
  readonly said: string;
  /** A bot held, or left it alone, with a reason. */
  readonly isLeft: boolean;
}

const keyOf = ({ check, resource }: Verdict) => `${check} ${resource}`;
const named = (some: readonly Seed[]) => some.map(({ bot }) => bot).join(', ');

/** Makes the faults; answers with those that one made before keeps from being made. */
async function make({ account }: World, made: readonly Seed[]): Promise<Seed[]> {
  const clashing: Seed[] = [];
  for (const seed of made) {
    // Nothing is scripted here: Prowler would not see it.
    await seed.given({ ...account, script: () => undefined }).catch((error: unknown) => {
      if (!/exist|duplicate|another/i.test(String(error))) throw error;
      clashing.push(seed);
    });
  }
  return clashing;
}

/** Every bot that made a fault, enabled with the parameters that its test repairs it with. */
function configOf(made: readonly Seed[]): Config {
  const enabled = made.map(({ bot, params }) => [bot, { enabled: true, mode: 'auto', params }] as const);
  return { enable_auto_response: true, limits: false, bots: Object.fromEntries(enabled) };
}

/** Takes in Prowler's output as `selfheal ingest` does, and has the bots answer each message. */
async function ingest(
  world: World,
  { file, verdicts }: { readonly file: string; readonly verdicts: readonly Verdict[] },
  config: Config,
): Promise<Done[]> {
  const { accountId, region, queueUrl: QueueUrl } = world.environment;
  const rules = { config, catalogue, accountId, region };
  const { credentials } = world.account.client(STSClient).config;
  const worker: Worker = { ...world, config, clients: clientMaker({ credentials }) };
  const done: Done[] = [];
  let index = -1;
  for await (const message of findingsIn([file])) {
    index += 1;
    const verdict = verdicts[index];
    if (!verdict?.failed) continue;
    const key = keyOf(verdict);
    for (const reading of readFinding(rules, message).readings) {
      if ('unusable' in reading) done.push({ key, said: reading.unusable, isLeft: true });
      if (!('remediation' in reading)) continue;
      const { remediation } = reading;
      const { bot } = await bots[remediation.bot as keyof typeof bots]();
      const told = world.told.length;
      const dispatch = await dispatchOf(world, remediation);
      const { outcomes } = await work(bot as unknown as AnyBot, worker, dispatch, () => HOUR_MS);
      // What is handed back would be tried again later.
      await world.sqs.send(new PurgeQueueCommand({ QueueUrl }));
      const reasons = world.told.slice(told).map((event) => ('reason' in event ? String(event.reason) : ''));
      const isLeft = outcomes.some((outcome) => ['held', 'exempt', 'waiting'].includes(outcome));
      done.push({ key, said: `${remediation.bot} ${outcomes.join(', ')} ${reasons.join(' ')}`, isLeft });
    }
  }
  return done;
}

function tableOf(asked: readonly string[], before: readonly Verdict[], after: readonly Verdict[]): string {
  const counts = (verdicts: readonly Verdict[], check: string) => {
    const own = verdicts.filter((verdict) => verdict.check === check);
    return `${own.filter(({ failed }) => failed).length} of ${own.length}`;
  };
  const rows = asked.map((check) => `| ${check} | ${counts(before, check)} | ${counts(after, check)} |`);
  return ['| check | failed before | failed after |', '| --- | --- | --- |', ...rows].join('\n');
}
