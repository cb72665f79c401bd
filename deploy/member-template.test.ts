import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  CreatePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { catalogue } from '../functions/remediators/catalogue';
import { iamResources } from '../shared/aws/iam-resources';
import { listingActions } from '../shared/aws/inventory';
import { type Account, newAccount } from '../testing/account';
import { cfnLint } from '../local/cfn-lint';
import allEnabled from '../test/config.all';
import { enabling, entry } from '../testing/entry';
import { type MemberTemplate, type MultiConfig, memberTemplate } from './member-template';

const HOME = { stage: 'prod', account: '111122223333', region: 'eu-west-1' };
const accounts = { mode: 'multi', externalId: 'selfheal-1', accounts: ['444455556666'] } as const;
const every = {
  ...allEnabled,
  accounts,
  findings: { events: ['guardduty', 'securityhub', 'accessanalyzer', 'config'] },
} satisfies MultiConfig;
const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/selfheal-prod';

describe('with every bot enabled', () => {
  let template: MemberTemplate;
  beforeAll(async () => {
    template = await memberTemplate(every, catalogue, HOME);
  });

  test('cfn-lint finds nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'member-'));
    const path = join(folder, 'member.json');
    writeFileSync(path, JSON.stringify(template));
    await expect(cfnLint(path)).resolves.toEqual({ stdout: '', stderr: '' });
    rmSync(folder, { recursive: true });
  }, 300_000);

  test('nothing of serverless is left in it', () => {
    expect(JSON.stringify(template)).not.toMatch(/sls:|\$\{self/);
  });

  test('the role may do what the bots read and write with, and nothing that only undo needs', () => {
    const granted = new Set(
      Object.values(template.Resources)
        .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
        .flatMap(({ Properties }) => statementsOf(Properties).flatMap(({ Action }) => Action)),
    );
    // Posture bots look: what they look at has to be found first.
    const listing = catalogue
      .filter(({ kind }) => kind === 'posture')
      .flatMap(({ resource }) => listingActions(resource));
    const wanted = catalogue.flatMap(({ permissions: { read, write } }) => [...read, ...write, ...listing]);
    expect([...granted].sort()).toEqual([...new Set(wanted)].sort());
  });
});

test('only what config.ts enables is in it: rights, changes and findings', async () => {
  const config = { ...enabling('rotate'), accounts };
  const bots = [
    entry('rotate', {
      permissions: { read: ['kms:DescribeKey'], write: ['kms:EnableKeyRotation'], undo: [] },
    }),
    entry('asleep', {
      resource: 'AWS::S3::Bucket',
      permissions: { read: ['s3:GetBucketAcl'], write: [], undo: [] },
    }),
  ];
  const { Resources } = await memberTemplate(config, bots, HOME);
  expect(Object.keys(Resources).sort()).toEqual([
    'ForwardChanges',
    'ForwardRole',
    'KmsRemediationRole',
    'KmsRemediationRolePolicy1',
  ]);
  expect(JSON.stringify(Resources)).not.toMatch(/s3|S3/);
});

test('where no event is wanted, none is sent', async () => {
  const bots = [entry('stop', { kind: 'response' })];
  const { Resources } = await memberTemplate({ ...enabling('stop'), accounts }, bots, HOME);
  expect(Object.keys(Resources)).toEqual(['KmsRemediationRole']);
});

test('a role that IAM would not take is refused in a sentence', async () => {
  const named = Object.entries(iamResources).filter(
    ([, [first, ...more]]) => first?.includes('${Account}:') && more.length === 0,
  );
  const actions = named.slice(0, 11).map(([action]) => action);
  const bots = actions.map((action, index) => {
    const only = { [action]: `x/${'x'.repeat(6000 + index)}` };
    return entry(`bot${index}`, { permissions: { read: [action], write: [], undo: [], only } });
  });
  await expect(
    memberTemplate({ ...enabling(...bots.map(({ id }) => id)), accounts }, bots, HOME),
  ).rejects.toThrow(/^KmsRemediationRole needs \d+ managed policies, and AWS takes 10: enable fewer bots/);
});

describe('the StackSet', () => {
  const path = join(__dirname, 'member-stackset.yml');

  test('cfn-lint finds nothing', async () => {
    await expect(cfnLint(path)).resolves.toEqual({ stdout: '', stderr: '' });
  }, 300_000);

  test('gives the template all that has no default, and nothing that it does not take', async () => {
    const { Parameters } = await memberTemplate(every, catalogue, { stage: 'prod' });
    const given = [...readFileSync(path, 'utf8').matchAll(/ParameterKey: (\w+)/g)].map(([, key]) => key);
    expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(given));
    const needed = Object.entries(Parameters).filter(([, { Default }]) => Default === undefined);
    expect(given).toEqual(expect.arrayContaining(needed.map(([key]) => key)));
  });
});

test('docs/members.md says what every parameter is for', async () => {
  const { Parameters } = await memberTemplate(every, catalogue, HOME);
  const page = readFileSync(join(__dirname, '../docs/members.md'), 'utf8');
  const said = [...page.matchAll(/^\| `([A-Z]\w+)` /gm)].map(([, name]) => name);
  expect(said).toEqual(Object.keys(Parameters));
});

describe('as a stack', () => {
  let member: Account;
  beforeEach(async () => {
    member = await newAccount();
  });

  async function deploy(region: string, parameters: Record<string, string> = {}): Promise<void> {
    const cloudFormation = member.client(CloudFormationClient, region);
    const template = await memberTemplate(every, catalogue, HOME);
    const StackName = 'selfheal-member';
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
  }

  async function theRole() {
    const { Role } = await member
      .client(IAMClient)
      .send(new GetRoleCommand({ RoleName: 'selfheal-prod-remediation-kms' }));
    return {
      ...Role,
      trust: JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')) as unknown,
    };
  }

  test('the role: only for the bots of the home account, with its ExternalId, and with all its policies', async () => {
    await deploy('eu-west-1');
    const { trust, PermissionsBoundary } = await theRole();
    const bots = {
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/selfheal/prod/bots/*' },
    };
    const home = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' } };
    expect(trust).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          ...home,
          Action: 'sts:AssumeRole',
          Condition: { ...bots, StringEquals: { 'sts:ExternalId': 'selfheal-1' } },
        },
        {
          ...home,
          Action: 'sts:TagSession',
          Condition: { ...bots, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['selfheal:bot'] } },
        },
      ],
    });
    expect(PermissionsBoundary).toBeUndefined();
    const { AttachedPolicies = [] } = await member
      .client(IAMClient)
      .send(new ListAttachedRolePoliciesCommand({ RoleName: 'selfheal-prod-remediation-kms' }));
    expect(AttachedPolicies.length).toBeGreaterThan(0);
  });

  test('an organization and a boundary, where they are asked for', async () => {
    const { Policy } = await member.client(IAMClient).send(
      new CreatePolicyCommand({
        PolicyName: 'bound',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
        }),
      }),
    );
    await deploy('eu-west-1', { OrganizationId: 'o-a1b2c3d4e5', PermissionsBoundary: Policy?.Arn ?? '' });
    const role = await theRole();
    expect(role.trust).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { 'sts:ExternalId': 'selfheal-1', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          },
        },
        {},
      ],
    });
    expect(role.PermissionsBoundary?.PermissionsBoundaryArn).toBe(Policy?.Arn);
  });

  test('another region sends its events, and makes no second role', async () => {
    await deploy('eu-central-1');
    await expect(theRole()).rejects.toThrow(/not found/);
    const events = member.client(EventBridgeClient, 'eu-central-1');
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    const sent = Rules.map(
      ({ EventPattern = '' }) => (JSON.parse(EventPattern) as { source: string[] }).source,
    );
    expect(sent.flat().sort()).toEqual([
      'aws.access-analyzer',
      'aws.config',
      'aws.config',
      'aws.guardduty',
      'aws.securityhub',
    ]);
    for (const { Name } of Rules) {
      const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      expect(Targets).toEqual([
        { Id: 'selfheal', Arn: BUS, RoleArn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\//) },
      ]);
    }
  });
});

function statementsOf(properties: object) {
  const { PolicyDocument } = properties as { PolicyDocument: { Statement: { Action: string[] }[] } };
  return PolicyDocument.Statement;
}
