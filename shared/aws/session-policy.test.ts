import { catalogue } from '../../functions/remediators/catalogue';
import { isSettings, settingsTarget } from '../resources/target';
import { SESSION_POLICY_LENGTH, sessionPolicy } from './session-policy';

const ACCOUNT = '111122223333';
/** As long as ids of their kind get. */
const LONGEST: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'b'.repeat(63),
  'AWS::IAM::User': 'u'.repeat(64),
  'AWS::IAM::Role': 'r'.repeat(64),
  'AWS::Lambda::Function': 'f'.repeat(64),
};
const targetOf = (type: string) =>
  isSettings(type)
    ? settingsTarget(type, ACCOUNT, 'us-gov-west-1')
    : { account: ACCOUNT, region: 'us-gov-west-1', type, id: LONGEST[type] ?? 'x-0123456789abcdef0' };

interface Document {
  readonly Statement: readonly { readonly Action: string[]; readonly Resource: string[] }[];
}
const read = (text: string) => JSON.parse(text) as Document;

test('writes reach the target and its parts, reads without a resource level all there is', () => {
  const target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::EC2::SecurityGroup', id: 'sg-1' };
  const actions = ['ec2:DescribeSecurityGroups', 'ec2:AuthorizeSecurityGroupIngress'];
  expect(read(sessionPolicy({ actions, target })).Statement).toEqual([
    { Effect: 'Allow', Action: ['ec2:DescribeSecurityGroups'], Resource: ['*'] },
    {
      Effect: 'Allow',
      Action: ['ec2:AuthorizeSecurityGroupIngress'],
      Resource: [
        `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group-rule/*`,
        `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-1`,
      ],
    },
  ]);
});

test('tags go to what is made, and roles to whom they are handed over, in shared VPCs too', () => {
  const target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::EC2::Instance', id: 'i-1' };
  const make = [
    'ec2:CreateSecurityGroup',
    'ec2:CreateTags',
    'ec2:AssociateIamInstanceProfile',
    'iam:PassRole',
  ];
  const statementOf = (action: string, actions: readonly string[]) =>
    read(sessionPolicy({ actions, target })).Statement.find(({ Action }) => Action.includes(action));
  expect(statementOf('ec2:CreateTags', make)).toMatchObject({
    Condition: { StringEquals: { 'ec2:CreateAction': ['CreateSecurityGroup'] } },
  });
  expect(statementOf('iam:PassRole', make)).toMatchObject({
    Condition: { StringLike: { 'iam:PassedToService': ['ec2.amazonaws.com*'] } },
  });
  expect(statementOf('ec2:CreateSecurityGroup', make)?.Resource).toContain(`arn:aws:ec2:eu-west-1:*:vpc/*`);
  // A bot that tags what is there makes nothing.
  expect(statementOf('ec2:CreateTags', ['ec2:CreateTags', 'ec2:ReleaseAddress'])).not.toHaveProperty(
    'Condition',
  );
});

test('what is for aliases and versions reaches those of the target alone', () => {
  const target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::Lambda::Function', id: 'orders' };
  const actions = ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:PutFunctionConcurrency'];
  const [all, ...rest] = read(sessionPolicy({ actions, target })).Statement;
  expect(rest).toEqual([]);
  const orders = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:orders`;
  expect(all?.Resource).toEqual([orders, `${orders}:*`]);
});

test('what a bot does elsewhere, and a session for a whole account, reach all of its kind there', () => {
  const target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'key-1' };
  const actions = ['kms:EnableKeyRotation'];
  const all = [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`];
  expect(read(sessionPolicy({ actions, target, elsewhere: actions })).Statement[0]?.Resource).toEqual(all);
  const wide = read(sessionPolicy({ actions, target, width: 'account' }));
  expect(wide.Statement[0]?.Resource).toEqual([`arn:aws:kms:*:${ACCOUNT}:key/*`]);
});

test.each([1, 60])('what is for one helper reaches that helper alone, in a long policy too', (names) => {
  const target = { account: ACCOUNT, region: 'cn-north-1', type: 'AWS::EC2::VPC', id: 'vpc-1' };
  const helper = `instance/${'i-0123456789abcdef0'.repeat(names)}`;
  const actions = ['ec2:StopInstances', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:CreateSecurityGroup'];
  const { Statement } = read(sessionPolicy({ actions, target, only: { 'ec2:StopInstances': helper } }));
  const [stop] = Statement.filter(({ Action }) => Action.includes('ec2:StopInstances'));
  expect(stop?.Action).toEqual(['ec2:StopInstances']);
  expect(stop?.Resource).toEqual([`arn:aws-cn:ec2:cn-north-1:${ACCOUNT}:${helper}`]);
});

test('conditions are filled in for the target, and left out where the policy would be too long', () => {
  const target = { account: ACCOUNT, region: 'cn-north-1', type: 'AWS::IAM::Role', id: 'app' };
  const actions = ['iam:AttachRolePolicy'];
  const under = (names: number) => ({
    'iam:AttachRolePolicy': {
      ArnEquals: {
        'iam:PolicyARN': Array.from(
          { length: names },
          (_, n) => `arn:\${Partition}:iam::\${Account}:policy/p${n}`,
        ),
      },
    },
  });
  expect(read(sessionPolicy({ actions, target, where: under(1) })).Statement).toMatchObject([
    { Condition: { ArnEquals: { 'iam:PolicyARN': [`arn:aws-cn:iam::${ACCOUNT}:policy/p0`] } } },
  ]);
  const [long] = read(sessionPolicy({ actions, target, where: under(60) })).Statement;
  expect(long).toMatchObject({ Action: actions });
  expect(long).not.toHaveProperty('Condition');
});

test('an action that is not in the table is not guessed at', () => {
  const target = targetOf('AWS::KMS::Key');
  expect(() => sessionPolicy({ actions: ['kms:ScheduleKeyDeletion'], target })).toThrow('npm run generate');
});

describe.each(catalogue.map((entry) => [entry.id, entry] as const))(
  '%s',
  (_id, { resource, permissions }) => {
    const actions = [...permissions.read, ...permissions.write];
    const { elsewhere, only, where } = permissions;
    const text = sessionPolicy({ actions, elsewhere, only, where, target: targetOf(resource) });

    test('its policy is one that STS takes', () => {
      expect(text.length).toBeLessThanOrEqual(SESSION_POLICY_LENGTH);
    });

    test('it allows each of its actions once, none by a wildcard, and nothing else', () => {
      const granted = read(text).Statement.flatMap(({ Action }) => Action);
      expect(granted.sort()).toEqual([...new Set(actions)].sort());
    });

    test('no resource of another account', () => {
      const arns = read(text)
        .Statement.flatMap(({ Resource }) => Resource)
        .filter((arn) => arn !== '*');
      // A VPC or a layer may be shared by its owner; an account of an organization is named by both.
      const elsewhere = /:ec2:[^:]*:\*:vpc\/\*$|:lambda:[^:]*:\*:layer:|:account::\*:account\/o-\*\/\*$/;
      for (const arn of arns.filter((one) => !elsewhere.test(one))) {
        expect(['', ACCOUNT, 'aws']).toContain(arn.split(':')[4]);
      }
    });
  },
);
