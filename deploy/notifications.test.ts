import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { loadBot } from '../shared/worker/load';
import type { Config } from '../shared/config';
import type { NotificationChannel } from '../shared/config/notifications';
import { checkConfig } from './check-config';
import type { Statement } from './policies';
import { stackOf } from './stack';

const few: Config = { enable_auto_response: false, bots: { sqs_enforce_sse: { enabled: true } } };
const load = (id: string) => loadBot(bots, id);
const jira = {
  to: 'jira',
  url: 'https://acme.atlassian.net',
  project: 'SEC',
  issueType: 'Bug',
  parameter: '/selfheal/jira',
} as const;
const ALL: readonly NotificationChannel[] = [
  jira,
  { ...jira, name: 'jira-ops', project: 'OPS', minSeverity: 'high' },
  { to: 'servicenow', url: 'https://acme.service-now.com', secret: 'servicenow', fields: { category: 'x' } },
  { to: 'pagerduty', parameter: '/selfheal/pagerduty', outcomes: ['failed', 'dead-lettered'] },
  { to: 'teams', parameter: '/selfheal/teams' },
  { to: 'slack', parameter: '/selfheal/slack-prod', accounts: ['111122223333'] },
  { to: 'email', from: 'selfheal@example.com', recipients: ['team@example.com'], region: 'eu-central-1' },
  {
    to: 'webhook',
    url: 'https://hooks.example.com/x?y=1',
    parameter: '/selfheal/hook',
    body: { text: '{{outcome}} {{ resource }}' },
  },
];

test('without channels there is nothing of them', async () => {
  const { functions, resources } = await stackOf(few, catalogue, load);
  expect(functions).not.toHaveProperty('channels');
  expect(Object.keys(resources.Resources).filter((name) => /Notify|Channels/.test(name))).toEqual([]);
});

describe('with one of each', () => {
  const made = stackOf({ ...few, notifications: ALL }, catalogue, load);

  test('each has a queue of its own, fed by the events topic, before one function', async () => {
    const { functions, resources } = await made;
    const { events } = functions.channels as {
      events: { sqs: { arn: { 'Fn::GetAtt': [string, string] } } }[];
    };
    const queues = events.map(({ sqs }) => sqs.arn['Fn::GetAtt'][0]);
    expect(queues).toEqual([
      'NotifyJiraQueue',
      'NotifyJiraOpsQueue',
      'NotifyServicenowQueue',
      'NotifyPagerdutyQueue',
      'NotifyTeamsQueue',
      'NotifySlackQueue',
      'NotifyEmailQueue',
      'NotifyWebhookQueue',
    ]);
    for (const queue of queues) {
      const { Properties } = resources.Resources[queue] ?? {};
      expect(Properties).toMatchObject({
        RedrivePolicy: { maxReceiveCount: 20 },
        SqsManagedSseEnabled: true,
      });
      expect(resources.Resources[queue.replace('Queue', 'Subscription')]?.Properties).toMatchObject({
        TopicArn: { Ref: 'EventsTopic' },
        Endpoint: { 'Fn::Sub': `\${${queue}.Arn}` },
        RawMessageDelivery: true,
      });
    }
    expect(resources.Resources.NotifyJiraOpsQueue?.Properties).toMatchObject({
      QueueName: 'selfheal-${sls:stage}-notify-jira-ops',
    });
  });

  test('the function reads its queues and secrets, keeps what it told, and sends mail from one address', async () => {
    const { resources } = await made;
    const { Policies } = resources.Resources.ChannelsRole?.Properties as {
      Policies: { PolicyDocument: { Statement: Statement[] } }[];
    };
    const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const of = (action: string) => statements.filter(({ Action }) => Action.includes(action));
    const place = ':${AWS::Region}:${AWS::AccountId}:';
    const at = (arn: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${arn}` });
    expect(of('dynamodb:UpdateItem')).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:UpdateItem'],
        Resource: [{ 'Fn::Sub': '${JournalTable.Arn}' }],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ticket/*'] } },
      },
    ]);
    expect(of('ssm:GetParameter').flatMap(({ Resource }) => Resource)).toEqual(
      ['jira', 'jira', 'pagerduty', 'teams', 'slack-prod', 'hook'].map((name) =>
        at(`ssm${place}parameter/selfheal/${name}`),
      ),
    );
    expect(of('secretsmanager:GetSecretValue').flatMap(({ Resource }) => Resource)).toEqual([
      at(`secretsmanager${place}secret:servicenow-??????`),
    ]);
    expect(of('ses:SendEmail')).toEqual([
      {
        Effect: 'Allow',
        Action: ['ses:SendEmail'],
        Resource: [
          at('ses:eu-central-1:${AWS::AccountId}:identity/selfheal@example.com'),
          at('ses:eu-central-1:${AWS::AccountId}:identity/example.com'),
        ],
        Condition: { StringEquals: { 'ses:FromAddress': 'selfheal@example.com' } },
      },
    ]);
    const actions = new Set(statements.flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual([
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'ses:SendEmail',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'ssm:GetParameter',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('no secret, and no bot that reaches the queues', async () => {
    const { resources } = await made;
    const { Policies } = resources.Resources.SqsEnforceSseRole?.Properties as { Policies: object[] };
    const denied =
      JSON.stringify(Policies)
        .match(/\{"Effect":"Deny".*?\]\}/g)
        ?.join() ?? '';
    expect(denied).toContain('NotifyJiraQueue');
    expect(denied).toContain('NotifyWebhookQueue');
  });
});

test('channels that are right', async () => {
  await expect(checkConfig({ ...few, notifications: ALL }, catalogue, load)).resolves.toBeUndefined();
});

test.each<[string, object, RegExp]>([
  ['a kind that there is not', { to: 'fax' }, /notifications\[0\]\.to/],
  ['a misspelt field', { ...jira, minSeverty: 'high' }, /"minSeverty"/],
  ['no secret', { ...jira, parameter: undefined }, /name either the parameter or the secret/],
  ['two secrets', { ...jira, secret: 'x' }, /name either the parameter or the secret/],
  [
    'the secret itself',
    { ...jira, parameter: 'bot@example.com:token' },
    /a parameter looks like \/selfheal\/jira/,
  ],
  ['an address in the clear', { ...jira, url: 'http://acme.atlassian.net' }, /an https address/],
  ['an address with a path', { ...jira, url: 'https://acme.atlassian.net/jira' }, /with nothing behind it/],
  ['a project by its name', { ...jira, project: 'Security team' }, /the key of a project/],
  ['an outcome that there is not', { ...jira, outcomes: ['broken'] }, /outcomes/],
  ['an account that is none', { ...jira, accounts: ['prod'] }, /12 digits/],
  ['a name that no queue has', { ...jira, name: 'Jira Ops' }, /lower case letters/],
  ['mail to nobody', { to: 'email', from: 'a@example.com', recipients: [] }, /recipients/],
  [
    'mail from no address',
    { to: 'email', from: 'selfheal', recipients: ['a@example.com'] },
    /e-mail address/,
  ],
  [
    'a template with a field that there is not',
    { to: 'webhook', url: 'https://x.example', parameter: 'x', body: { a: ['{{bot}} {{resorce}}'] } },
    /there is no field \{\{resorce\}\}/,
  ],
])('%s is refused with a sentence', async (_name, channel, sentence) => {
  const config = { ...few, notifications: [channel] } as unknown as Config;
  await expect(checkConfig(config, catalogue, load)).rejects.toThrow(sentence);
});

test('two channels of one name are refused', async () => {
  const config = { ...few, notifications: [jira, { ...jira, project: 'OPS' }] };
  await expect(checkConfig(config, catalogue, load)).rejects.toThrow(/two channels called jira/);
});
