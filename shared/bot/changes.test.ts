import fc from 'fast-check';
import { asJson } from './changes/json';
import { inWords, named } from './changes/words';
import { type Change, atMost, changesOf } from './changes';
import type { Call } from './outcome';
import { sealed } from './sealed';

const target = { account: '111122223333', region: 'eu-west-1', type: 'AWS::EC2::SecurityGroup', id: 'sg-1' };

function said(state: object, calls: readonly Call[], id = 'sg-1'): string[] {
  const context = { target: { ...target, id }, params: {} };
  return changesOf({}, state, context, calls).map(({ sign, text }) => `${sign} ${text}`);
}

const call = (action: string, input: object): Call => ({ action, input });

const RULES = [
  { id: 'sgr-1', protocol: 'tcp', from: 22, to: 22, cidr: '0.0.0.0/0', description: 'temporary' },
  { id: 'sgr-2', protocol: 'tcp', from: 443, to: 443, cidr: '0.0.0.0/0' },
  { id: 'sgr-3', protocol: '-1', from: 0, to: 65535, group: 'sg-2' },
];

describe('ids are looked up in the state', () => {
  test('rules of a security group that go, and those that stay', () => {
    const input = { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] };
    expect(said({ rules: RULES }, [call('ec2:RevokeSecurityGroupIngress', input)])).toEqual([
      '- tcp 22 from 0.0.0.0/0 "temporary"',
      '  tcp 443 from 0.0.0.0/0 (stays)',
      '  all traffic from security group sg-2 (stays)',
    ]);
  });

  test('rules that come, in the shape of the API, one for each source', () => {
    const IpPermissions = [
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'office' }, { CidrIp: '198.51.100.0/24' }],
        PrefixListIds: [{ PrefixListId: 'pl-1' }],
      },
    ];
    expect(said({}, [call('ec2:AuthorizeSecurityGroupEgress', { GroupId: 'sg-1', IpPermissions })])).toEqual([
      '+ tcp 22 to 203.0.113.0/24 "office"',
      '+ tcp 22 to 198.51.100.0/24',
      '+ tcp 22 to prefix list pl-1',
    ]);
  });

  test('more than a few that stay are counted', () => {
    const rules = Array.from({ length: 10 }, (_, at) => ({
      ...RULES[0],
      id: `sgr-${at}`,
      from: at + 1,
      to: at + 1,
    }));
    const input = { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-0'] };
    const lines = said({ rules }, [call('ec2:RevokeSecurityGroupIngress', input)]);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toBe('  … and 6 more stay');
  });

  test('an inline policy that is deleted is said with what it allows; what another call deletes does not stay', () => {
    const inline = ['read', 'wide', 'lock'].map((name) => ({
      name,
      document: JSON.stringify({
        Statement: { Effect: name === 'lock' ? 'Deny' : 'Allow', Action: '*', Resource: '*' },
      }),
    }));
    const calls = ['read', 'wide'].map((PolicyName) =>
      call('iam:DeleteUserPolicy', { UserName: 'ann', PolicyName }),
    );
    expect(said({ inline }, calls, 'ann')).toEqual([
      '- policy read: allow *',
      '- policy wide: allow *',
      '  policy lock: deny * (stays)',
    ]);
  });

  test('an access key', () => {
    const keys = [{ id: 'AKIA1', active: true, idleDays: 91 }];
    const input = { UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' };
    expect(said({ keys }, [call('iam:UpdateAccessKey', input)], 'ann')).toEqual([
      '- access key AKIA1: active, idle days 91',
      '+ access key AKIA1: inactive',
    ]);
  });

  test('entries of a network ACL by number and direction', () => {
    const entries = [{ number: 100, action: 'allow', protocol: '6', from: 22, to: 22, cidr: '0.0.0.0/0' }];
    const input = { NetworkAclId: 'acl-1', RuleNumber: 100, Egress: false };
    const comes = {
      ...input,
      RuleAction: 'deny',
      Protocol: '6',
      PortRange: { From: 22, To: 22 },
      CidrBlock: '::/0',
    };
    expect(said({ entries }, [call('ec2:DeleteNetworkAclEntry', input)], 'acl-1')).toEqual([
      '- rule 100: allow tcp 22 from 0.0.0.0/0',
    ]);
    expect(said({ entries: [] }, [call('ec2:CreateNetworkAclEntry', comes)], 'acl-1')).toEqual([
      '+ rule 100: deny tcp 22 from ::/0',
    ]);
  });
});

describe('what is replaced is compared', () => {
  const open = {
    Sid: 'Public',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::b/*',
  };
  const office = { ...open, Sid: 'Office', Principal: { AWS: ['111122223333'] } };

  test('a policy, statement by statement', () => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [open, office] });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [office] });
    expect(said({ policy }, [call('s3:PutBucketPolicy', { Bucket: 'b', Policy })], 'b')).toEqual([
      '- "Public": allow s3:GetObject on arn:aws:s3:::b/* to everyone',
      '  "Office": allow s3:GetObject on arn:aws:s3:::b/* to 111122223333 (stays)',
    ]);
  });

  test('a policy that goes as a whole', () => {
    const policy = JSON.stringify({ Statement: open });
    expect(said({ policy }, [call('s3:DeleteBucketPolicy', { Bucket: 'b' })], 'b')).toEqual([
      '- "Public": allow s3:GetObject on arn:aws:s3:::b/* to everyone',
    ]);
  });

  test('an attribute with a value before, without one, and one that is the same already', () => {
    const calls = [
      call('lambda:UpdateFunctionConfiguration', {
        FunctionName: 'f',
        Timeout: 3,
        TracingConfig: { Mode: 'Active' },
        MemorySize: 128,
      }),
    ];
    expect(said({ mode: 'PassThrough', memorySize: 128 }, calls, 'f')).toEqual([
      '+ timeout: 3',
      '- tracing mode: PassThrough',
      '+ tracing mode: Active',
    ]);
  });

  test('a tag', () => {
    const input = { Resources: ['i-1'], Tags: [{ Key: 'owner', Value: 'us' }] };
    expect(said({ tags: { owner: 'nobody' } }, [call('ec2:CreateTags', input)], 'i-1')).toEqual([
      '- tag owner: nobody',
      '+ tag owner: us',
    ]);
  });

  test('grants of an ACL', () => {
    const all = {
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
      Permission: 'READ',
    };
    const own = { Grantee: { Type: 'CanonicalUser', ID: 'a'.repeat(64) }, Permission: 'FULL_CONTROL' };
    const AccessControlPolicy = { Owner: { ID: 'a'.repeat(64) }, Grants: [own] };
    expect(
      said({ grants: [all, own] }, [call('s3:PutBucketAcl', { Bucket: 'b', AccessControlPolicy })], 'b'),
    ).toEqual(['- READ to everyone (AllUsers)', '  FULL_CONTROL to canonical user aaaaaaaaaaaa… (stays)']);
  });

  test('a new default version of a managed policy', () => {
    const document = (Action: string) =>
      JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
    const state = { current: 'v1', versions: [{ id: 'v1', document: document('*') }] };
    const input = {
      PolicyArn: 'arn:aws:iam::1:policy/p',
      PolicyDocument: document('s3:GetObject'),
      SetAsDefault: true,
    };
    expect(said(state, [call('iam:CreatePolicyVersion', input)], 'arn:aws:iam::1:policy/p')).toEqual([
      '- allow *',
      '+ allow s3:GetObject',
    ]);
  });
});

test('the words of a bot itself come first', () => {
  const own: readonly Change[] = [{ sign: '+', text: 'quiet' }];
  const context = { target, params: {} };
  expect(changesOf({ changes: () => own }, {}, context, [call('x:SetY', { Z: 1 })])).toEqual(own);
});

test('a secret is not told', () => {
  const state = { environment: [{ name: 'PASSWORD', value: sealed('hunter2') }] };
  const calls = [call('x:UpdateThing', { Environment: [], Password: sealed('hunter2') })];
  expect(said(state, calls).join()).not.toContain('hunter2');
});

test('fields in words', () => {
  expect(
    [
      'PubliclyAccessible',
      'KmsKeyId',
      'NotificationARNs',
      'EnableIAMDatabaseAuthentication',
      'rds.force_ssl',
    ].map(named),
  ).toEqual([
    'publicly accessible',
    'KMS key ID',
    'notification ARNs',
    'enable IAM database authentication',
    'rds.force_ssl',
  ]);
});

test('at most so many lines', () => {
  const changes = Array.from({ length: 30 }, (_, at): Change => ({ sign: '-', text: String(at) }));
  expect(atMost(changes, 20)).toHaveLength(20);
  expect(atMost(changes, 20).at(-1)).toEqual({ sign: ' ', text: '… and 11 more lines' });
});

test('whatever a state and an input hold: one line each, never too long, and a change is said', () => {
  const verbs = fc.constantFrom(
    'Put',
    'Delete',
    'Create',
    'Update',
    'Modify',
    'Revoke',
    'Tag',
    'Enable',
    'Attach',
  );
  const inputs = fc.dictionary(
    fc.constantFrom('Name', 'Policy', 'Tags', 'Groups', 'Id', 'IpPermissions', 'Grants'),
    fc.jsonValue(),
    {
      minKeys: 1,
    },
  );
  fc.assert(
    fc.property(verbs, inputs, fc.dictionary(fc.string(), fc.jsonValue()), (verb, input, state) => {
      const changes = changesOf({}, state, { target, params: {} }, [call(`s3:${verb}Thing`, input)]);
      for (const { text } of changes) {
        expect(text.length).toBeLessThanOrEqual(200);
        expect(text).not.toMatch(/\[object |[\r\n]/);
      }
      expect(inWords(asJson(input))).not.toBe('');
    }),
  );
});
