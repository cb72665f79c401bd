import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type ClientMaker, SQS_DEFAULTS, clientMaker } from '../shared/aws/clients';
import type { Keys } from '../shared/aws/sessions';
import { once } from '../shared/once';
import type { SelfhealEvent } from '../shared/worker/event';
import type { Journal } from '../shared/worker/journal';
import { type Target, partitionOf } from '../shared/resources/target';
import { clientOptions, isNoStack, namesOf, regionOf } from './place';
import { Problem, explain, noInstallation } from './terminal/errors';
import { EXIT } from './terminal/exit-codes';
import { type Session, warn } from './session';

/** Who is calling, and the region. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

/** Sessions with less left than this are opened anew. */
const RENEWED_MS = 5 * 60_000;

/** Asks AWS who is calling. */
export async function callerOf(session: Session): Promise<Caller> {
  const region = await regionOf(session);
  const sts = new STSClient(clientOptions(session.options, region));
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account ?? '', arn: Arn ?? '', region };
}

/** Opens the journal of the installation. */
export async function openJournal(session: Session): Promise<Journal> {
  const region = await regionOf(session);
  const [{ CloudFormationClient }, { DynamoDBClient }, { journal }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('@aws-sdk/client-dynamodb'),
    import('../shared/worker/journal'),
  ]);
  const { stage } = session.options;
  const table = await journalTableOf(new CloudFormationClient(clientOptions(session.options, region)), stage);
  if (table === undefined) throw new Problem(noInstallation({ stage, region }), EXIT.aws);
  return journal(table, new DynamoDBClient(clientOptions(session.options, region)));
}

/** The name of the journal's table, which CloudFormation generates; `undefined`: there is no such stack. */
export async function journalTableOf(
  client: Pick<CloudFormationClient, 'send'>,
  stage: string,
): Promise<string | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: namesOf(stage).stack }));
    return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'JournalTable')?.OutputValue;
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/** A queue of the installation. */
export interface Queue {
  readonly sqs: SQSClient;
  readonly url: string;
}

/**
 * Opens a queue of the installation.
 *
 * @throws Problem when it is not there.
 */
export async function openQueue(
  session: Session,
  which: 'remediationQueue' | 'waitingQueue' | 'deadLetterQueue' | 'looksQueue',
): Promise<Queue> {
  const region = await regionOf(session);
  const { SQSClient, GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient({ ...clientOptions(session.options, region), ...SQS_DEFAULTS });
  const { stage } = session.options;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: namesOf(stage)[which] }));
  if (!QueueUrl) throw new Problem(noInstallation({ stage, region }), EXIT.aws);
  return { sqs, url: QueueUrl };
}

/**
 * Clients for the bots, with the caller's own credentials; in another account, with those of the role that
 * `--assume-role` names there, so that never a resource of the same name at home is taken for it.
 */
export function botClients(session: Session): ClientMaker {
  const { options } = session;
  const home = once(async () => (await callerOf(session)).account);
  const kept = new Map<string, Promise<Keys>>();
  const member = async ({ account, region }: Target) => {
    const found = await kept.get(account);
    if (found && (found.expiration?.getTime() ?? Infinity) - Date.now() > RENEWED_MS) return found;
    const opened = memberCredentials(session, account, partitionOf(region));
    kept.set(account, opened);
    return opened;
  };
  const own = new STSClient(clientOptions(options));
  return clientMaker(clientOptions(options), {
    credentialsFor: (_bot, target) => async () =>
      target.account === (await home()) ? own.config.credentials() : member(target),
  });
}

/**
 * Credentials of the role that `--assume-role` names in a member account.
 *
 * @throws Problem when the option is missing.
 */
export async function memberCredentials(session: Session, account: string, partition: string): Promise<Keys> {
  const { assumeRole, stage } = session.options;
  if (assumeRole === undefined) {
    throw new Problem(
      `the resource lies in account ${account}: name a role there that you may assume, --assume-role OrganizationAccountAccessRole for example`,
    );
  }
  const sts = new STSClient(clientOptions(session.options, await regionOf(session)));
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:${partition}:iam::${account}:role/${assumeRole}`,
      RoleSessionName: `selfheal-${stage}-cli`,
    }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    ...(given?.SessionToken && { sessionToken: given.SessionToken }),
    ...(given?.Expiration && { expiration: given.Expiration }),
  };
}

/** Tells the events topic. What was done stands whether or not it is told. */
export async function tell(
  session: Session,
  { account, region }: Caller,
  event: SelfhealEvent,
): Promise<void> {
  const { stage } = session.options;
  try {
    const [{ SNSClient }, { publish }] = await Promise.all([
      import('@aws-sdk/client-sns'),
      import('../shared/worker/publish'),
    ]);
    const topic = `arn:${partitionOf(region)}:sns:${region}:${account}:${namesOf(stage).eventsTopic}`;
    await publish(new SNSClient(clientOptions(session.options, region)), topic, event);
  } catch (error) {
    const why = (error as { name?: string }).name?.startsWith('NotFound')
      ? `the events topic of stage ${stage} is not there`
      : explain(error, { stage, region }).sentence;
    warn(session, `Slack is not told: ${why}`);
  }
}
