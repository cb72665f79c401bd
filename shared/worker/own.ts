import { type Accounts, roleGroupOf, roleNameOf } from '../accounts';
import type { Config } from '../config';
import type { Home } from '../bot/bot';
import { TYPES } from '../resources/table';
import type { Target } from '../resources/target';

/** An installation, as far as its own parts follow from it. */
export interface Installation {
  readonly accountId: string;
  readonly region: string;
  /** Absent where it is not known: then nothing is known as its own. */
  readonly stage?: string;
  /** The journal's table, whose name CloudFormation makes. */
  readonly journalTable?: string;
}

/** The functions beside those of the bots. */
const FUNCTIONS = ['coordinator', 'findings', 'config-rules', 'notifier', 'security-hub', 'approvals'];
/** See deploy/resources.yml and deploy/queues.ts. */
const QUEUES = [
  ...['remediation.fifo', 'waiting', 'dead-letter.fifo', 'findings', 'looks'],
  ...['notifications', 'undelivered', 'security-hub', 'failed-runs'],
];
const TOPICS = ['findings', 'events'];

/**
 * Why a bot leaves a resource alone that is a part of selfheal itself; `undefined`: it is not. Parts are known by their
 * exact names, account and region: whoever calls something else `selfheal-…` gains nothing by it.
 */
export function ownPart(
  config: Pick<Config, 'accounts' | 'bots'>,
  at: Installation,
  target: Target,
): string | undefined {
  const { stage } = at;
  if (stage === undefined) return undefined;
  const name = nameOf(target);
  const isOwn = isRole(target)
    ? roleNames(config.accounts, stage).includes(name)
    : target.account === at.accountId &&
      target.region === at.region &&
      namesOf(config, { ...at, stage })[target.type]?.includes(name) === true;
  return isOwn
    ? `${target.id} is a part of selfheal itself, which bots leave alone: change it in selfheal, and deploy`
    : undefined;
}

/** Where its own roles are, which bots know by their path. */
export function homeOf({ accountId, stage }: Installation): Home | undefined {
  return stage === undefined ? undefined : { account: accountId, rolePath: `/selfheal/${stage}/` };
}

/** The bare name, as the stack gives it: of a function without its alias, of a queue's URL and a topic's ARN the end. */
function nameOf({ type, id }: Target): string {
  if (type === 'AWS::Lambda::Function') return id.replace(/^.*:function:/, '').split(':')[0] ?? '';
  return id.split(/[:/]/).at(-1) ?? '';
}

function isRole({ type }: Target): boolean {
  return type === 'AWS::IAM::Role';
}

/** The roles that bots assume, in members and at home. */
function roleNames(accounts: Accounts | undefined, stage: string): string[] {
  const groups = new Set([...TYPES.map(({ type }) => roleGroupOf(type)), 'settings']);
  return [...groups].map((group) => roleNameOf(accounts, stage, `AWS::${group}::Any`));
}

function namesOf(
  { bots }: Pick<Config, 'bots'>,
  { stage, journalTable }: Installation & { readonly stage: string },
): Readonly<Record<string, readonly string[]>> {
  const called = (names: readonly string[]) => names.map((name) => `selfheal-${stage}-${name}`);
  return {
    'AWS::Lambda::Function': called([...FUNCTIONS, ...Object.keys(bots).map((id) => `bot-${id}`)]),
    'AWS::SQS::Queue': called(QUEUES),
    'AWS::SNS::Topic': called(TOPICS),
    ...(journalTable !== undefined && { 'AWS::DynamoDB::Table': [journalTable] }),
  };
}
