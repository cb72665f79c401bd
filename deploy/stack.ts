import type { AnyBot } from '../shared/bot/bot';
import { isScoped } from '../shared/accounts';
import { listingActions } from '../shared/aws/inventory';
import { enabledUnder } from '../shared/bot/rights';
import type { CatalogueEntry } from '../shared/catalogue';
import { approvalsFunction, approvalsResources, hasFunction } from './approvals';
import { type Config, DEFAULT_WEBHOOK, hears } from '../shared/config';
import { asksFor, asksPeople } from '../shared/rollout';
import { MARKS } from '../shared/worker/marks';
import { VISIBILITY_SECONDS } from '../shared/worker/message';
import { BOTS_PATH, PATH, ownRoleNames, remediationRoles, sessionStatements } from './accounts';
import { checkConfig } from './check-config';
import { dashboard } from './dashboard';
import { findingsEvents } from './events';
import { memberEvents } from './members';
import {
  channelQueues,
  channelResources,
  channelStatements,
  channelsFunction,
  secretStatement,
} from './notifications';
import { type OwnParts, POLICIES, ROLES, denials, policiesUnder, rolesCalled } from './own';
import { type Statement, confinedBy, managedPolicies, statementsFor } from './policies';
import { hasRule, managedRules, ruleResources } from './rules';
import { securityHubAction, securityHubFunction, securityHubResources } from './security-hub';
import { type Resource, STAGE, att, botSuffix, functionArn, pascal, sub } from './template';
import { ageAlarm, topicResources } from './topics';

/** What serverless.yml takes from here. */
export interface Stack {
  readonly functions: Record<string, object>;
  readonly resources: { readonly Resources: Record<string, Resource> };
}

/** Under the visibility timeout of the queue, with room for the event to arrive. */
const BOT_TIMEOUT_SECONDS = VISIBILITY_SECONDS - 60;

/** Everything in the template that follows from config.ts and the bots' metadata, for enabled bots only. */
export async function stackOf(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  load: (id: string) => Promise<AnyBot | undefined>,
): Promise<Stack> {
  await checkConfig(config, catalogue, load);
  const enabled = enabledUnder(config, catalogue);
  const ruled = enabled.filter(hasRule);
  const own = ownParts(config, enabled);
  const bots = await Promise.all(enabled.map((entry) => botResources(entry, config, own)));
  // What rules do not ask about is surveyed when a control judges its whole account.
  const looked = enabled.filter(({ kind }) => kind === 'posture');
  const reads = await statementsFor(
    looked.flatMap(({ permissions, resource }) => [...permissions.read, ...listingActions(resource)]),
    confinedBy(
      looked.map(({ permissions: { read, only } }) => ({
        read,
        write: [],
        undo: [],
        ...(only && { only }),
      })),
    ),
  );
  return {
    functions: {
      ...securityHubFunction(config),
      ...approvalsFunction(config),
      ...channelsFunction(config),
      ...Object.fromEntries(enabled.map((entry) => [entry.id, botFunction(entry)])),
    },
    resources: {
      Resources: {
        ...Object.fromEntries(bots.flatMap((resources) => Object.entries(resources))),
        ConfigRulesRole: role(
          logsOf('config-rules'),
          [
            ...sessionStatements(config.accounts),
            allow(['config:PutEvaluations', 'config:ListDiscoveredResources'], '*'),
            allow(
              ['config:StartConfigRulesEvaluation'],
              sub('arn:${AWS::Partition}:config:${AWS::Region}:${AWS::AccountId}:config-rule/*'),
            ),
            allow(['sqs:SendMessage'], att('RemediationQueue')),
            allow([...POLLED, 'sqs:SendMessage'], att('LooksQueue')),
          ],
          BOTS_PATH,
        ),
        ...(!isScoped(config.accounts) && managedPolicies('ConfigRulesRole', reads, PATH)),
        ...(isScoped(config.accounts) && (await homeRoles(config, enabled))),
        CoordinatorRole: role(logsOf('coordinator'), [
          ...coordinatorStatements(config, enabled),
          // It asks a finding that has waited how it stands.
          ...(hears(config, 'securityhub') ? await statementsFor(['securityhub:GetFindings']) : []),
        ]),
        FindingsRole: role(logsOf('findings'), [
          allow(POLLED, att('FindingsQueue')),
          allow(['sqs:SendMessage'], att('RemediationQueue'), att('DeadLetterQueue'), att('LooksQueue')),
        ]),
        NotifierRole: role(logsOf('notifier'), [
          allow(POLLED, att('NotificationsQueue')),
          secretStatement(config.slack?.webhook ?? DEFAULT_WEBHOOK),
        ]),
        ...(config.notifications?.length && {
          ChannelsRole: role(logsOf('channels'), [
            allow(POLLED, ...channelQueues(config).map(att)),
            ...channelStatements(config),
          ]),
        }),
        ...channelResources(config),
        ...(config.findings?.updateSecurityHub && {
          SecurityHubRole: role(logsOf('security-hub'), [
            ...(await statementsFor(['securityhub:BatchUpdateFindings', 'securityhub:GetFindings'])),
            allow(POLLED, att('SecurityHubQueue')),
          ]),
        }),
        ...(hasFunction(config.approvals) && {
          ApprovalsRole: role(logsOf('approvals'), approvalsStatements(config)),
        }),
        ...approvalsResources(config),
        ...securityHubResources(config),
        ...securityHubAction(config),
        ...topicResources(config),
        ...dashboard(config, catalogue),
        ...ageAlarm(config),
        ...findingsEvents(config),
        ...memberEvents(config, catalogue),
        ...(ruled.length > 0 && ruleResources(ruled)),
        ...managedRules(config),
      },
    },
  };
}

/** What Lambda's poller needs of a queue for a function, and what the coordinator needs that polls by itself. */
const POLLED = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const POLLS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

function botFunction({ id, title }: CatalogueEntry): object {
  return {
    name: `selfheal-${STAGE}-${botSuffix(id)}`,
    description: title,
    handler: `functions/remediators/handlers/${id}.handler`,
    role: { 'Fn::Sub': `\${${pascal(id)}Role.Arn}` },
    timeout: BOT_TIMEOUT_SECONDS,
    // SQS is the only one that retries, and an event that comes too late must not find the message visible again.
    maximumRetryAttempts: 0,
    maximumEventAge: 60,
    // An alarm for runs that fail or are throttled before the bot can answer.
    destinations: { onFailure: { type: 'sqs', arn: { 'Fn::GetAtt': ['FailedRunsQueue', 'Arn'] } } },
  };
}

/** What bots of this account must not reach. The roles' path is guarded as members' trust in it is. */
export function ownParts(
  config: Pick<Config, 'accounts' | 'findings' | 'notifications'>,
  enabled: readonly CatalogueEntry[],
): OwnParts {
  const names = isScoped(config.accounts) ? ownRoleNames(enabled, config.accounts, STAGE) : [];
  const queues = [
    ...QUEUES,
    ...(config.findings?.updateSecurityHub ? ['SecurityHubQueue'] : []),
    ...channelQueues(config),
  ];
  return {
    [ROLES]: rolesCalled(`selfheal/${STAGE}/*`, ...names),
    [POLICIES]: policiesUnder(PATH),
    'arn:${Partition}:sqs:${Region}:${Account}:*': queues.map(att),
    'arn:${Partition}:sns:${Region}:${Account}:*': ['FindingsTopic', 'EventsTopic'].map((name) => ({
      Ref: name,
    })),
    'arn:${Partition}:kms:${Region}:${Account}:key/*': [att('TopicsKey')],
  };
}

const QUEUES = [
  'RemediationQueue',
  'WaitingQueue',
  'DeadLetterQueue',
  'FindingsQueue',
  'LooksQueue',
  'NotificationsQueue',
  'UndeliveredQueue',
  'FailedRunsQueue',
];

async function botResources(
  entry: CatalogueEntry,
  { accounts }: Config,
  parts: OwnParts,
): Promise<Record<string, Resource>> {
  const { id, permissions } = entry;
  const own = [
    ...(await statementsFor([...permissions.read, ...permissions.write], confinedBy([permissions]))),
    ...(await denials([entry], parts)),
  ];
  return {
    [`${pascal(id)}Role`]: role(
      logsOf(botSuffix(id)),
      [
        ...(isScoped(accounts) ? [] : own),
        ...sessionStatements(accounts, entry),
        allow(['sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], att('RemediationQueue')),
        // For Lambda, which tells a failure with the function's own rights.
        allow(['sqs:SendMessage'], att('FailedRunsQueue')),
        ...journalStatements(id),
        ...PUBLISH,
      ],
      BOTS_PATH,
    ),
  };
}

/**
 * A bot writes entries of its own and counts against the limits; holds and stops it only reads. Source: DynamoDB,
 * dynamodb:LeadingKeys.
 */
function journalStatements(id: string): Statement[] {
  const keys = (...LeadingKeys: string[]) => ({
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': LeadingKeys } },
  });
  return [
    {
      ...allow(['dynamodb:UpdateItem'], att('JournalTable')),
      ...keys(`${id}/*`, `repairs/${id}/*`, 'limits/*'),
    },
    {
      ...allow(['dynamodb:BatchGetItem'], att('JournalTable')),
      ...keys('stops', `hold/${id}/*`, `${id}/*`, `decision/${id}/*`, `repairs/${id}/*`),
    },
  ];
}

function keyed(...LeadingKeys: readonly string[]) {
  return { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': LeadingKeys } } };
}

/** Where config.ts asks for scoped sessions at home too, bots assume roles there as they do in members. */
function homeRoles({ accounts }: Config, enabled: readonly CatalogueEntry[]) {
  const trust = {
    home: '${AWS::AccountId}',
    stage: STAGE,
    ...(accounts?.mode === 'multi' && { externalId: accounts.externalId }),
  };
  return remediationRoles(enabled, accounts, trust);
}

const PUBLISH: readonly Statement[] = [
  { Effect: 'Allow', Action: ['sns:Publish'], Resource: [{ Ref: 'EventsTopic' }] },
  allow(['kms:Decrypt', 'kms:GenerateDataKey'], att('TopicsKey')),
];

function coordinatorStatements(config: Config, enabled: readonly CatalogueEntry[]): Statement[] {
  return [
    allow([...POLLS, 'sqs:GetQueueAttributes', 'sqs:SendMessage'], att('RemediationQueue')),
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'], att('WaitingQueue')),
    allow(['sqs:SendMessage'], att('DeadLetterQueue')),
    allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], att('JournalTable')),
    // It ends plans that nobody decides on in time.
    ...(asksPeople(config)
      ? [
          allow(['dynamodb:Query'], sub('${JournalTable.Arn}/index/all')),
          { ...allow(['dynamodb:PutItem'], att('JournalTable')), ...keyed('decision/*') },
        ]
      : []),
    allow(['lambda:GetAccountSettings'], '*'),
    ...PUBLISH,
    ...membershipStatements(config),
    ...calendarStatements(config),
    ...markStatements(config),
    // One pattern for all bots, whose names alone begin like this: a list of them would not fit into a policy of IAM.
    ...(enabled.length > 0 ? [allow(['lambda:InvokeFunction'], sub(functionArn(botSuffix('*'))))] : []),
  ];
}

/** It marks what it has told of exemptions that end, and writes nothing else into the journal. */
function markStatements({ exemptions = [] }: Config): Statement[] {
  if (exemptions.every(({ until }) => until === undefined)) return [];
  return [{ ...allow(['dynamodb:UpdateItem'], att('JournalTable')), ...keyed(`${MARKS}*`) }];
}

/** It asks only about the calendars that config.ts names. */
function calendarStatements({ calendars = [] }: Config): Statement[] {
  if (calendars.length === 0) return [];
  const documents = calendars.map((calendar) =>
    'arn' in calendar
      ? calendar.arn
      : sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:document/${calendar.name}`),
  );
  return [allow(['ssm:GetCalendarState'], ...documents)];
}

function membershipStatements(config: Config): Statement[] {
  const { accounts } = config;
  const isMember = accounts?.mode === 'multi' && accounts.organization !== undefined;
  if (!isMember && !asksFor(config, 'organizationalUnits')) return [];
  return [
    allow(
      ['organizations:DescribeAccount', 'organizations:ListParents'],
      sub('arn:${AWS::Partition}:organizations::*:account/*'),
      sub('arn:${AWS::Partition}:organizations::*:ou/*'),
    ),
  ];
}

/** It writes decisions, which no bot may write, and holds; what was approved goes onto the queue. */
function approvalsStatements({ approvals }: Config): Statement[] {
  return [
    allow(['dynamodb:BatchGetItem'], att('JournalTable')),
    { ...allow(['dynamodb:PutItem'], att('JournalTable')), ...keyed('decision/*', 'hold/*') },
    allow(['sqs:SendMessage'], att('RemediationQueue')),
    ...(approvals?.slack ? [secretStatement(approvals.slack.signingSecret)] : []),
    ...PUBLISH,
  ];
}

function role(logs: readonly Statement[], statements: readonly Statement[], Path = PATH): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Path,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'selfheal',
          PolicyDocument: {
            Version: '2012-10-17',
            // X-Ray has no resource level.
            Statement: [
              ...statements,
              ...logs,
              allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'),
            ],
          },
        },
      ],
    },
  };
}

/** The log group is made by the stack, with its retention; the function may only write into it. */
function logsOf(name: string): Statement[] {
  const group = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/selfheal-${STAGE}-${name}`;
  return [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], sub(`${group}:*`))];
}

function allow(Action: readonly string[], ...Resource: Statement['Resource']): Statement {
  return { Effect: 'Allow', Action, Resource };
}
