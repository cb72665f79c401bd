/** What Terraform makes of the module is compared with the CloudFormation template that it follows from. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../functions/remediators/catalogue';
import allEnabled from '../test/config.all';
import { enabling, entry } from '../testing/entry';
import { type MemberTemplate, type MultiConfig, memberTemplate } from './member-template';
import { type TerraformConfig, memberTerraform } from './member-terraform';

const accounts = { mode: 'multi', externalId: 'selfheal-1', accounts: ['444455556666'] } as const;
const every = {
  ...allEnabled,
  accounts,
  findings: { events: ['guardduty', 'securityhub', 'accessanalyzer', 'config'] },
} satisfies MultiConfig;
const HOME = { home_account: '111122223333', home_region: 'eu-west-1' };
const MEMBER = '444455556666';
const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/selfheal-prod';

// Else the command would ask whether there is a newer version.
const env = { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
/** Terraform is nothing that the project installs: without it, what needs it is skipped. */
const hasTerraform = spawnSync('terraform', ['version'], { env }).status === 0;
const plugins = process.env.TF_PLUGIN_CACHE_DIR;
const evaluated = hasTerraform ? test : test.skip;
const validated = hasTerraform && plugins ? test : test.skip;

let template: MemberTemplate;
let folder: string;
beforeEach(async () => {
  template = await memberTemplate(every, catalogue, { stage: 'prod' });
  folder = mkdtempSync(join(tmpdir(), 'terraform-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('nothing of CloudFormation or serverless is left in it', () => {
  expect(JSON.stringify(memberTerraform(template, 'prod'))).not.toMatch(/AWS::(?!\w+::)|Fn::|"Ref"|sls:/);
});

test('where no event is sent, nothing is there for sending', async () => {
  const bots = [entry('stop', { kind: 'response' })];
  const config = { ...enabling('stop'), accounts };
  const { resource } = memberTerraform(await memberTemplate(config, bots, { stage: 'prod' }), 'prod');
  expect(Object.keys(resource)).toEqual(['aws_iam_role', 'aws_iam_policy', 'aws_iam_role_policy_attachment']);
  expect(resource.aws_iam_role).not.toHaveProperty('forward');
});

evaluated('role, rights and rules are those of the template (Terraform)', () => {
  const made = plan({ ...HOME, make_role: 'true' });
  const roles = made('aws_iam_role_remediation');
  const [role] = roles;
  expect(roles.map(({ name }) => name).sort()).toEqual(
    propertiesOf('AWS::IAM::Role')
      .flatMap(({ RoleName }) => RoleName ?? [])
      .sort(),
  );
  expect(role).toMatchObject({
    name: expect.stringMatching(/^selfheal-prod-remediation-/),
    max_session_duration: 3600,
  });
  expect(role).not.toHaveProperty('permissions_boundary', expect.anything());
  expect(JSON.parse(String(role?.assume_role_policy))).toEqual(
    inCloudFormation(propertiesOf('AWS::IAM::Role')[0]?.AssumeRolePolicyDocument),
  );
  const documents = propertiesOf('AWS::IAM::ManagedPolicy').map(({ PolicyDocument }) =>
    inCloudFormation(PolicyDocument),
  );
  const policies = made('aws_iam_policy_remediation').map(
    ({ policy }) => JSON.parse(String(policy)) as unknown,
  );
  expect(policies).toHaveLength(documents.length);
  expect(policies).toEqual(expect.arrayContaining(documents));
  for (const { role: holder } of made('aws_iam_role_policy_attachment_remediation')) {
    expect(roles.map(({ name }) => name)).toContain(holder);
  }
  expect(made('aws_iam_role_policy_attachment_remediation')).toHaveLength(
    propertiesOf('AWS::IAM::ManagedPolicy').length,
  );
  const patterns = made('aws_cloudwatch_event_rule_forward').map(
    ({ event_pattern }) => JSON.parse(String(event_pattern)) as unknown,
  );
  const rules = propertiesOf('AWS::Events::Rule').map(({ EventPattern }) => EventPattern);
  expect(patterns).toHaveLength(rules.length);
  expect(patterns).toEqual(expect.arrayContaining(rules));
  for (const { arn, rule } of made('aws_cloudwatch_event_target_forward')) {
    expect(arn).toBe(BUS);
    expect(rule).toMatch(/^selfheal-prod-(Changes|\w+Findings)$/);
  }
  const [forward] = made('aws_iam_role_policy_forward');
  expect(JSON.parse(String(forward?.policy))).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS }],
  });
});

evaluated(
  'an organization and a boundary, where they are given; a region without the role (Terraform)',
  () => {
    const boundary = `arn:aws:iam::${MEMBER}:policy/bound`;
    const given = { ...HOME, organization_id: 'o-a1b2c3d4e5', permissions_boundary: boundary };
    const [role] = plan({ ...given, make_role: 'true' })('aws_iam_role_remediation');
    expect(role?.permissions_boundary).toBe(boundary);
    expect(JSON.parse(String(role?.assume_role_policy))).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { 'sts:ExternalId': 'selfheal-1', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          },
        },
        {},
      ],
    });
    const made = plan({ ...given, make_role: 'false' });
    for (const name of ['aws_iam_role', 'aws_iam_policy', 'aws_iam_role_policy_attachment']) {
      expect(made(`${name}_remediation`)).toEqual([]);
    }
    expect(made('aws_iam_role_forward')).toMatchObject([{ permissions_boundary: boundary }]);
    expect(made('aws_cloudwatch_event_rule_forward').length).toBeGreaterThan(0);
  },
);

// The AWS provider is hundreds of megabytes: it is used where it lies already.
validated('terraform validate, with the AWS provider from TF_PLUGIN_CACHE_DIR', () => {
  write(memberTerraform(template, 'prod'));
  terraform('init', '-backend=false', `-plugin-dir=${plugins ?? ''}`);
  expect(JSON.parse(terraform('validate', '-json'))).toMatchObject({ valid: true, error_count: 0 });
});

/**
 * What Terraform would make, by type and name. It is planned without the AWS provider, each resource of which is
 * replaced by one that takes whatever it is given: all expressions are evaluated, no schema of AWS is looked at.
 */
function plan(variables: Record<string, string>) {
  write(withoutProvider(memberTerraform(template, 'prod')));
  terraform('init', '-backend=false');
  expect(JSON.parse(terraform('validate', '-json'))).toMatchObject({ valid: true, error_count: 0 });
  const values = Object.entries(variables).flatMap(([name, value]) => ['-var', `${name}=${value}`]);
  terraform('plan', '-out=plan', ...values);
  const { planned_values } = JSON.parse(terraform('show', '-json', 'plan')) as {
    planned_values: {
      root_module: { resources: { name: string; values: { input: Record<string, unknown> } }[] };
    };
  };
  return (name: string) =>
    planned_values.root_module.resources
      .filter((resource) => resource.name === name)
      .map(({ values: { input } }) => input);
}

function withoutProvider({ terraform: _, data: __, resource, ...rest }: TerraformConfig): object {
  const meta = ['count', 'for_each'];
  const stand_ins = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named as Record<string, Record<string, unknown>>).map(([name, body]) => {
      const fields = Object.entries(body);
      const input = {
        name: 'a-name',
        arn: 'an-arn',
        ...Object.fromEntries(fields.filter(([key]) => !meta.includes(key))),
      };
      return [
        `${type}_${name}`,
        { ...Object.fromEntries(fields.filter(([key]) => meta.includes(key))), input },
      ];
    }),
  );
  const text = JSON.stringify({ ...rest, resource: { terraform_data: Object.fromEntries(stand_ins) } });
  return JSON.parse(
    text
      .replaceAll('${data.aws_partition.current.partition}', 'aws')
      .replaceAll('${data.aws_caller_identity.current.account_id}', MEMBER)
      .replaceAll('data.aws_caller_identity.current.account_id', `\\"${MEMBER}\\"`)
      .replaceAll(/\b(aws_\w+)\.(\w+)((?:\[[^\]]+\])?)\.(\w+)/g, 'terraform_data.$1_$2$3.input.$4'),
  ) as object;
}

function write(config: object): void {
  writeFileSync(join(folder, 'member.tf.json'), JSON.stringify(config));
}

function terraform(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('terraform', args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`terraform ${args.join(' ')} failed: ${stdout}${stderr}`);
  return stdout;
}

function propertiesOf(type: string): Record<string, unknown>[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties as Record<string, unknown>);
}

/** What CloudFormation makes of a document, with neither organization nor boundary. */
function inCloudFormation(document: unknown): unknown {
  const names = { 'AWS::Partition': 'aws', 'AWS::AccountId': MEMBER, HomeAccount: HOME.home_account };
  const text = JSON.stringify(document, (_key, value: object) =>
    typeof value === 'object' && 'aws:PrincipalOrgID' in value
      ? { ...value, 'aws:PrincipalOrgID': undefined }
      : value,
  )
    .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replaceAll('{"Ref":"ExternalId"}', '"selfheal-1"');
  return JSON.parse(
    Object.entries(names).reduce((all, [name, value]) => all.replaceAll(`\${${name}}`, value), text),
  );
}
