import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SNSClient, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { undefinedIfGone } from '../../shared/aws/errors';
import { functionSuffix } from '../../shared/function-name';
import { settingsOf } from '../../shared/config';
import { partitionOf } from '../../shared/resources/target';
import { journalTableOf } from '../installation';
import { isNoStack, namesOf } from '../place';
import {
  type Check,
  type Patient,
  type Verdict,
  deployCommand,
  green,
  red,
  selfhealCommand,
  unknown,
} from './check';
import { some } from '../../shared/text';

/** What `serverless deploy` makes is there, and is what config.ts says now. */
export function stackChecks(patient: Patient): readonly Check[] {
  return [
    { id: 'stack', needs: ['cloudformation:DescribeStacks'], look: () => stack(patient) },
    {
      id: 'schedule',
      needs: ['events:DescribeRule', 'events:ListTargetsByRule'],
      look: () => schedule(patient),
    },
    { id: 'functions', needs: ['lambda:ListFunctions'], look: () => functions(patient) },
    {
      id: 'journal',
      needs: ['cloudformation:DescribeStacks', 'dynamodb:DescribeTable'],
      look: () => journal(patient),
    },
    { id: 'events-topic', needs: ['sns:ListSubscriptionsByTopic'], look: () => topic(patient) },
    ...(patient.config.accounts?.mode === 'multi'
      ? [{ id: 'event-bus', needs: ['events:DescribeEventBus'], look: () => bus(patient) }]
      : []),
  ];
}

async function stack(patient: Patient): Promise<Verdict> {
  const StackName = namesOf(patient.stage).stack;
  const deploy = deployCommand(patient);
  let status: string;
  try {
    const { Stacks = [] } = await patient.home
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName }));
    status = Stacks[0]?.StackStatus ?? '';
  } catch (error) {
    if (!isNoStack(error)) throw error;
    return red(`there is no stack ${StackName}`, deploy);
  }
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return green(`${StackName}: ${status}`);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return red(`the last deployment of ${StackName} failed and was rolled back`, deploy);
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return unknown(`${StackName} is being deployed: ${status}`, 'run it again when the deployment has ended');
  }
  return red(
    `${StackName} is ${status}`,
    `npx selfheal remove --stage ${patient.stage} --region ${patient.home.region}, and deploy again`,
  );
}

async function schedule(patient: Patient): Promise<Verdict> {
  const { schedule: Name, prefix } = namesOf(patient.stage);
  const events = patient.home.client(EventBridgeClient);
  const rule = await undefinedIfGone(
    events.send(new DescribeRuleCommand({ Name })),
    'ResourceNotFoundException',
  );
  const deploy = deployCommand(patient);
  if (!rule) return red(`there is no rule ${Name}`, deploy);
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
  if (!Targets.some(({ Arn }) => Arn?.endsWith(`:function:${prefix}coordinator`))) {
    return red(`${Name} does not start the coordinator`, deploy);
  }
  const isOn = rule.State !== 'DISABLED';
  const wanted = patient.config.enable_auto_response;
  const word = (on: boolean) => (on ? 'on' : 'off');
  return isOn === wanted
    ? green(`auto response is ${word(isOn)}, as config.ts says`)
    : red(
        `auto response is ${word(isOn)}, but config.ts says ${word(wanted)}`,
        `${selfhealCommand(word(wanted), patient)}, or change enable_auto_response in config.ts and deploy`,
      );
}

/** Bots' ids have no hyphen, so that a stage whose name goes on behind this one's is not taken for it. */
async function functions(patient: Patient): Promise<Verdict> {
  const { config, catalogue, home, stage } = patient;
  const { prefix, botPrefix } = namesOf(stage);
  const core = ['coordinator', 'config-rules', 'findings', 'notifier', 'security-hub'];
  const bots = new Map(catalogue.map(({ id }) => [functionSuffix(id), id]));
  const deployed = new Set<string>();
  for await (const { Functions = [] } of paginateListFunctions({ client: home.client(LambdaClient) }, {})) {
    for (const { FunctionName = '' } of Functions) {
      if (FunctionName.startsWith(botPrefix)) {
        const suffix = FunctionName.slice(botPrefix.length);
        deployed.add(bots.get(suffix) ?? suffix);
      } else if (core.some((name) => FunctionName === `${prefix}${name}`)) {
        deployed.add(FunctionName.slice(prefix.length));
      }
    }
  }
  const enabled = catalogue.map(({ id }) => id).filter((id) => settingsOf(config, id));
  const wanted = [
    ...core.filter((name) => name !== 'security-hub' || config.findings?.updateSecurityHub),
    ...enabled,
  ];
  const missing = wanted.filter((name) => !deployed.has(name));
  const known = new Set(catalogue.map(({ id }) => id));
  const left = [...deployed].filter((name) => known.has(name) && !enabled.includes(name));
  const wrong = [
    ...(missing.length > 0 ? [`not deployed: ${some(missing)}`] : []),
    ...(left.length > 0 ? [`deployed, but not enabled in config.ts: ${some(left)}`] : []),
  ];
  return wrong.length > 0
    ? red(wrong.join('; '), deployCommand(patient))
    : green(`${wanted.length} deployed, ${enabled.length} of them bots, as config.ts says`);
}

async function journal(patient: Patient): Promise<Verdict> {
  const TableName = await journalTableOf(patient.home.client(CloudFormationClient), patient.stage);
  if (TableName === undefined) {
    return red(`no stack ${namesOf(patient.stage).stack} says where the journal is`, deployCommand(patient));
  }
  const found = await undefinedIfGone(
    patient.home.client(DynamoDBClient).send(new DescribeTableCommand({ TableName })),
    'ResourceNotFoundException',
  );
  if (!found?.Table) return red(`there is no table ${TableName}`, deployCommand(patient));
  const { TableStatus, GlobalSecondaryIndexes = [] } = found.Table;
  const indexes = GlobalSecondaryIndexes.filter(({ IndexStatus }) => IndexStatus === 'ACTIVE');
  const missing = ['all', 'bot', 'resource'].filter(
    (wanted) => !indexes.some(({ IndexName }) => IndexName === wanted),
  );
  if (TableStatus !== 'ACTIVE') {
    return red(`${TableName} is ${TableStatus ?? 'in no known state'}`, deployCommand(patient));
  }
  return missing.length > 0
    ? red(`${TableName} lacks its index ${missing.join(', ')}`, deployCommand(patient))
    : green(`${TableName}: ACTIVE`);
}

/** The ARN of the topic that outcomes are told on. */
export function eventsTopicArn({ home, stage }: Pick<Patient, 'home' | 'stage'>): string {
  const { account, region } = home;
  return `arn:${partitionOf(region)}:sns:${region}:${account}:${namesOf(stage).eventsTopic}`;
}

async function topic(patient: Patient): Promise<Verdict> {
  const { eventsTopic, notificationsQueue } = namesOf(patient.stage);
  const client = patient.home.client(SNSClient);
  const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: eventsTopicArn(patient) });
  const subscribers: string[] = [];
  try {
    for await (const { Subscriptions = [] } of pages) {
      subscribers.push(...Subscriptions.map(({ Endpoint = '' }) => Endpoint));
    }
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('NotFound'))) throw error;
    return red(`there is no topic ${eventsTopic}`, deployCommand(patient));
  }
  return subscribers.some((endpoint) => endpoint.endsWith(`:${notificationsQueue}`))
    ? green(`${eventsTopic} reaches the notifier's queue`)
    : red(`${eventsTopic} does not reach the notifier's queue`, deployCommand(patient));
}

/** Where events of members arrive. */
async function bus(patient: Patient): Promise<Verdict> {
  const Name = namesOf(patient.stage).eventBus;
  const found = await undefinedIfGone(
    patient.home.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name })),
    'ResourceNotFoundException',
  );
  return found
    ? green(`${Name} is there`)
    : red(`there is no event bus ${Name}: what members forward is lost`, deployCommand(patient));
}
