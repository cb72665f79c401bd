import { ConfigServiceClient, StopConfigurationRecorderCommand } from '@aws-sdk/client-config-service';
import {
  DisableRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { REGION } from '../testing';
import { EXTERNAL_ID, INSIDE, denied, newMember, newPatient, notGreen, script, simulate } from './testing';

type Member = Awaited<ReturnType<typeof newMember>>;

const trusting =
  (edit: (trust: string) => string) =>
  ({ client, roleName, trust }: Member) =>
    client(IAMClient).send(
      new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: edit(trust) }),
    );

afterEach(() => {
  jest.restoreAllMocks();
});

describe('one thing is broken in a member', () => {
  const examined = async (breakIt: (member: Member) => unknown, refused: readonly string[] = []) => {
    const patient = await newPatient();
    const member = await newMember(patient);
    simulate(refused);
    await breakIt(member);
    const { exit, rows } = await patient.examine(['--assume-role', INSIDE], { accounts: member.accounts });
    expect(exit).toBe(1);
    return notGreen(rows);
  };
  const says = (text: string) => ({ state: 'red', says: expect.stringContaining(text) as string });

  test('the role is not there', async () => {
    const found = await examined(async (member) => {
      await member.client(IAMClient).send(new DeleteRoleCommand({ RoleName: member.roleName }));
      script(IAMClient, 'SimulatePrincipalPolicy', () =>
        Object.assign(new Error('no'), { name: 'NoSuchEntityException' }),
      );
    });
    expect(Object.fromEntries(found)).toMatchObject({
      'member-role': says('there is no role arn:aws:iam::'),
      'member-external-id': says('there is no role'),
    });
  });

  test('its trust asks for no ExternalId', async () => {
    const open = (trust: string) => trust.replace(/,"StringEquals":\{[^}]*\}/, '');
    expect(await examined(trusting(open))).toMatchObject([
      ['member-external-id', says('may assume it without an ExternalId')],
    ]);
  });

  test('a wrong ExternalId is let in', async () => {
    const open = (trust: string) => {
      const { Statement } = JSON.parse(trust) as { Statement: { Condition?: object }[] };
      return JSON.stringify({
        Version: '2012-10-17',
        Statement: Statement.map(({ Condition: _, ...rest }) => rest),
      });
    };
    expect(await examined(trusting(open))).toMatchObject([
      ['member-external-id', says('lets you in with a wrong ExternalId')],
    ]);
  });

  test('its trust asks for another ExternalId, or trusts another installation', async () => {
    expect(await examined(trusting((trust) => trust.replace(EXTERNAL_ID, 'another')))).toMatchObject([
      ['member-role', says('it asks for another ExternalId than that of config.ts')],
      ['member-external-id', says('with another ExternalId')],
    ]);
    expect(await examined(trusting((trust) => trust.replace('/bots/*', '/other/*')))).toMatchObject([
      ['member-role', says('it does not trust the bots of stage')],
    ]);
  });

  test('it lacks a right', async () => {
    expect(await examined(() => undefined, ['kms:EnableKeyRotation'])).toMatchObject([
      ['member-rights', says("the roles may not kms:EnableKeyRotation, by IAM's simulation")],
    ]);
  });

  test.each<[string, string, (events: EventBridgeClient) => Promise<unknown>]>([
    [
      'is not there',
      'no rule in eu-west-1 forwards events to arn:aws:events:eu-west-1:',
      (events) => events.send(new RemoveTargetsCommand({ Rule: 'forward', Ids: ['home'] })),
    ],
    [
      'is disabled',
      'no enabled rule in eu-west-1 forwards changes as config.ts asks; disabled: forward',
      (events) => events.send(new DisableRuleCommand({ Name: 'forward' })),
    ],
    [
      'forwards something else',
      'no enabled rule in eu-west-1 forwards changes as config.ts asks',
      (events) =>
        events.send(new PutRuleCommand({ Name: 'forward', EventPattern: '{"source":["aws.health"]}' })),
    ],
    [
      'leaves out a type',
      'no enabled rule in eu-west-1 forwards changes as config.ts asks',
      (events) =>
        events.send(
          new PutRuleCommand({
            Name: 'forward',
            EventPattern: JSON.stringify({
              source: ['aws.config'],
              $or: [{ detail: { configurationItem: { resourceType: ['AWS::S3::Bucket'] } } }],
            }),
          }),
        ),
    ],
  ])('the rule that forwards %s', async (_what, sentence, breakIt) => {
    expect(await examined(({ client }) => breakIt(client(EventBridgeClient)))).toMatchObject([
      ['member-forwarding', says(sentence)],
    ]);
  });

  test('its recorder is stopped', async () => {
    const stop = new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' });
    expect(await examined(({ client }) => client(ConfigServiceClient).send(stop))).toMatchObject([
      ['member-config-recorder', says('is stopped')],
    ]);
  });
});

describe('what may not be looked at is unknown, not green and not red', () => {
  test('in a member: simulation, trust policy', async () => {
    const patient = await newPatient();
    const { accounts } = await newMember(patient);
    simulate();
    script(IAMClient, 'SimulatePrincipalPolicy', () => denied('iam:SimulatePrincipalPolicy'));
    script(IAMClient, 'GetRole', () => denied('iam:GetRole'));
    const { rows } = await patient.examine(['--assume-role', INSIDE], { accounts });
    expect(notGreen(rows)).toMatchObject([
      ['member-role', { state: 'unknown' }],
      ['member-external-id', { state: 'unknown' }],
      ['member-rights', { state: 'unknown' }],
    ]);
  });

  test('in a member: a rule in words that are not judged', async () => {
    const patient = await newPatient();
    const { accounts, client } = await newMember(patient);
    simulate();
    const EventPattern = '{"source":[{"prefix":"aws."}]}';
    await client(EventBridgeClient).send(new PutRuleCommand({ Name: 'forward', EventPattern }));
    const { rows } = await patient.examine(['--assume-role', INSIDE], { accounts });
    expect(notGreen(rows)).toMatchObject([['member-forwarding', { state: 'unknown' }]]);
  });

  test('in a member that nobody leads into; a wrong ExternalId is tried all the same', async () => {
    const patient = await newPatient();
    const member = await newMember(patient);
    const { accounts } = member;
    const outside = await patient.examine([], { accounts });
    expect(outside.rows['member-access']).toMatchObject({
      state: 'unknown',
      mend: expect.stringContaining('doctor --assume-role') as string,
    });
    expect(outside.rows['member-external-id']).toMatchObject({ state: 'unknown' });
    const everybody = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${patient.account}:root` },
      Action: 'sts:AssumeRole',
    };
    await trusting(() => JSON.stringify({ Version: '2012-10-17', Statement: everybody }))(member);
    const open = await patient.examine([], { accounts });
    expect(open.rows['member-external-id']).toMatchObject({ state: 'red' });
    expect(open.exit).toBe(1);
  });

  test('the accounts of an organization; those listed are looked at all the same', async () => {
    const patient = await newPatient();
    const member = await newMember(patient);
    simulate();
    script(OrganizationsClient, 'ListAccounts', () => denied('organizations:ListAccounts'));
    script(OrganizationsClient, 'DescribeOrganization', () => ({
      Organization: { MasterAccountId: patient.account },
    }));
    const accounts = { ...member.accounts, organization: 'o-a1b2c3d4e5' };
    const { rows } = await patient.examine(['--assume-role', INSIDE], { accounts });
    expect(notGreen(rows)).toMatchObject([
      [
        'member-accounts',
        { state: 'unknown', says: 'AWS denies organizations:ListAccounts to who runs this' },
      ],
    ]);
    expect(rows['member-role']).toMatchObject({ account: member.account });
  });
});

test("an organization's accounts are looked at, but for home and those that are denied", async () => {
  const patient = await newPatient();
  const client = new OrganizationsClient({ region: REGION });
  const { Organization } = await client.send(new CreateOrganizationCommand({}));
  const made = async (name: string) => {
    const email = `${name}@example.com`;
    const reply = await client.send(new CreateAccountCommand({ AccountName: name, Email: email }));
    return reply.CreateAccountStatus?.AccountId ?? '';
  };
  const [one, other] = [await made('one'), await made('other')];
  simulate();
  const accounts = { mode: 'multi', externalId: EXTERNAL_ID, organization: Organization?.Id ?? '' } as const;
  const { rows } = await patient.examine([], { accounts: { ...accounts, deny: [other] } });
  expect(rows['member-accounts']).toMatchObject({ state: 'green', says: '1 to look at' });
  expect(rows['member-access']).toMatchObject({ account: one });
});

test('an organization that answers only another account is red, with what to do', async () => {
  const patient = await newPatient();
  script(OrganizationsClient, 'ListAccounts', () => denied('organizations:ListAccounts'));
  script(OrganizationsClient, 'DescribeOrganization', () => ({
    Organization: { MasterAccountId: '999988887777' },
  }));
  const accounts = { mode: 'multi', externalId: EXTERNAL_ID, organization: 'o-a1b2c3d4e5' } as const;
  const { exit, rows } = await patient.examine([], { accounts });
  expect(exit).toBe(1);
  expect(rows['member-accounts']).toMatchObject({
    state: 'red',
    says: expect.stringContaining('its management account 999988887777') as string,
    mend: `make ${patient.account} a delegated administrator, or list the accounts in config.ts`,
  });
});

test('accounts of config.ts that come to none are red', async () => {
  const patient = await newPatient();
  const { rows } = await patient.examine([], { accounts: { mode: 'multi', externalId: EXTERNAL_ID } });
  expect(notGreen(rows)).toMatchObject([
    ['config', { state: 'red', says: expect.stringContaining('accounts: needs accounts or organization') }],
    ['everything else', { state: 'skipped' }],
  ]);
});

test('with scoped sessions the role at home is looked at', async () => {
  const patient = await newPatient();
  simulate();
  const { rows } = await patient.examine([], { accounts: { mode: 'single', scopedSessions: true } });
  expect(rows['member-role']).toMatchObject({
    state: 'red',
    account: patient.account,
    mend: `npx selfheal deploy --stage ${patient.stage} --region ${REGION}`,
  });
  expect(rows).not.toHaveProperty('member-external-id');
});
