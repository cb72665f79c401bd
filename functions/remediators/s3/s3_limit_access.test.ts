import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parsePolicy, statementsOf, type Statement } from '../../../shared/policy/policy-document';
import { stepsOf, testBot } from '../../../testing/contract';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_limit_access';

const FRIEND = 'arn:aws:iam::444455556666:root';
const open = (Action: string | string[], extra: object = {}) => ({
  Sid: 'World',
  Effect: 'Allow',
  Principal: '*',
  Action,
  Resource: 'arn:aws:s3:::b/*',
  ...extra,
});
/** Statements that must survive word for word. */
const named = open('s3:*', { Sid: 'Named', Principal: { AWS: FRIEND } });
const service = open('s3:PutObject', { Principal: { Service: 'cloudtrail.amazonaws.com' } });
const federated = open('s3:GetObject', {
  Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/c' },
});
const canonical = open('s3:GetObject', { Principal: { CanonicalUser: '79a5' } });
const denied = open('s3:Delete*', { Sid: 'No', Effect: 'Deny' });
const denyNot = { Effect: 'Deny', NotPrincipal: { AWS: FRIEND }, NotAction: 's3:Get*', Resource: '*' };
const vpce = open('s3:GetObject', {
  Sid: 'Vpce',
  Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
});
const org = open(['s3:GetObject', 's3:PutObject'], {
  Sid: 'Org',
  Principal: { AWS: '*' },
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } },
});
const abort = open('s3:AbortMultipartUpload', { Sid: 'Abort' });
const neighbours = [named, service, federated, canonical, denied, denyNot, vpce, org, abort];

const policy = (Statement: object | object[], extra: object = { Version: '2012-10-17' }) =>
  JSON.stringify({ ...extra, Statement });

/** Policies, what is left of them, and the actions that are named. */
const seeded: [name: string, given: string, left: string | undefined, said: string][] = [
  [
    'one action for everyone, between neighbours of all kinds',
    policy([named, service, open('s3:GetObject'), federated, canonical, denied, denyNot, vpce, org, abort]),
    policy(neighbours),
    's3:GetObject',
  ],
  [
    'every second action survives in CloudBots; here none does',
    policy([
      open(['s3:GetObject', 's3:GetObjectAcl', 's3:ListBucket', 's3:PutObject', 's3:DeleteObject']),
      named,
    ]),
    policy([named]),
    's3:GetObject, s3:GetObjectAcl, s3:ListBucket, s3:PutObject, s3:DeleteObject',
  ],
  [
    'what is neither reading nor writing stays',
    policy([
      open(['s3:PutObject', 's3:AbortMultipartUpload', 's3:RestoreObject', 's3:ReplicateObject']),
      denied,
    ]),
    policy([open(['s3:AbortMultipartUpload', 's3:ReplicateObject']), denied]),
    's3:PutObject, s3:RestoreObject',
  ],
  [
    'in whatever case, and a list of one',
    policy([open(['S3:getobject', 'S3:BypassGovernanceRetention'], { Principal: { AWS: ['*'] } }), named]),
    policy([open(['S3:BypassGovernanceRetention'], { Principal: { AWS: ['*'] } }), named]),
    'S3:getobject',
  ],
  ['all of S3', policy([open('s3:*'), service]), policy([service]), 's3:*'],
  [
    'everything',
    policy([open(['*', 's3:AbortMultipartUpload']), named]),
    policy([open(['s3:AbortMultipartUpload']), named]),
    '*',
  ],
  [
    'wildcards in the middle',
    policy([open(['s3:*Object', 's3:?etObject', 's3:G*', 's3:Abort*', 's3:Replicate*']), named]),
    policy([open(['s3:Abort*', 's3:Replicate*']), named]),
    's3:*Object, s3:?etObject, s3:G*',
  ],
  ['a statement that stands without a list', policy(open('s3:GetObject')), undefined, 's3:GetObject'],
  [
    'one without a list of which something is left',
    policy(open(['s3:GetObject', 's3:AbortMultipartUpload']), { Version: '2008-10-17', Id: 'kept' }),
    policy([open(['s3:AbortMultipartUpload'])], { Version: '2008-10-17', Id: 'kept' }),
    's3:GetObject',
  ],
  [
    'who is named beside everyone keeps all, everyone what is harmless',
    policy([
      open(['s3:GetObject', 's3:AbortMultipartUpload'], { Principal: { AWS: [FRIEND, '*'] } }),
      denied,
    ]),
    policy([
      open(['s3:GetObject', 's3:AbortMultipartUpload'], { Principal: { AWS: [FRIEND] } }),
      { ...open(['s3:AbortMultipartUpload'], { Principal: { AWS: [FRIEND, '*'] } }), Sid: undefined },
      denied,
    ]),
    's3:GetObject',
  ],
  [
    'a service beside everyone',
    policy([open('s3:PutObject', { Principal: { AWS: '*', Service: 'cloudtrail.amazonaws.com' } })]),
    policy([open('s3:PutObject', { Principal: { Service: 'cloudtrail.amazonaws.com' } })]),
    's3:PutObject',
  ],
  [
    'all but what NotAction names',
    policy([open('', { Action: undefined, NotAction: 's3:DeleteBucket' }), named]),
    policy([named]),
    'all that its NotAction leaves',
  ],
  [
    'everyone but one',
    policy([open('s3:GetObject', { Principal: undefined, NotPrincipal: { AWS: FRIEND } }), vpce]),
    policy([vpce]),
    's3:GetObject',
  ],
];

const [first, ...others] = seeded.map(([name, text, left, said]) => ({
  name,
  given: bucketWith({ policy: text, versioning: 'Enabled', replicated: true }),
  violation: `the bucket policy allows everyone ${said}: name who may`,
  writes: [left === undefined ? 's3:DeleteBucketPolicy' : 's3:PutBucketPolicy'],
  after: { policy: left },
  untouched: settingsBut('policy'),
}));
if (!first) throw new Error('no policies');

testBot(bot, {
  violating: [first, ...others],
  compliant: [
    { name: 'no policy', given: bucketWith() },
    {
      name: 'all kinds of statements, none of them wide open',
      given: bucketWith({ policy: policy(neighbours) }),
    },
    {
      name: 'everyone, and a Deny that leaves only the VPC endpoint',
      given: bucketWith({
        policy: policy([
          open('s3:GetObject'),
          open('s3:*', { Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
        ]),
      }),
    },
  ],
  gone: randomUUID(),
});

test('for any policy: strangers keep what is harmless, whoever is named keeps all, and no Deny goes', () => {
  const context = {
    target: { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' },
    params: {},
  };
  fc.assert(
    fc.property(fc.array(statements, { minLength: 1, maxLength: 4 }), (given) => {
      const before = given as Statement[];
      const text = policy(before);
      if (bot.check({ policy: text }, context) === undefined) {
        expect(LIMITED.some((action) => allows(before, 'stranger', action))).toBe(false);
        return;
      }
      const [input] = stepsOf(bot.plan({ policy: text }, context)).map(({ s3 }) => s3.input);
      const after = input && 'Policy' in input ? statementsOf(parsePolicy(String(input.Policy))) : [];
      expect(bot.check({ policy: policy([...after]) }, context)).toBeUndefined();
      expect(after.filter(({ Effect }) => Effect === 'Deny')).toEqual(
        before.filter(({ Effect }) => Effect === 'Deny'),
      );
      for (const action of LIMITED) expect(allows(after, 'stranger', action)).toBe(false);
      // Wildcards that hold a limited action go with it, so what only they gave is gone.
      const narrow = before.map((one) => ({ ...one, Action: [one.Action ?? []].flat().filter(isNarrow) }));
      for (const action of HARMLESS) {
        expect(allows(after, 'stranger', action)).toBe(allows(narrow, 'stranger', action));
      }
      for (const action of [...LIMITED, ...HARMLESS]) {
        for (const who of [FRIEND, SERVICE]) {
          expect(names(after, who, action)).toBe(names(before, who, action));
        }
      }
    }),
    { numRuns: 2000 },
  );
});

const SERVICE = 'cloudtrail.amazonaws.com';
const LIMITED = ['s3:GetObject', 's3:ListBucket', 's3:PutObjectAcl', 's3:DeleteObject', 's3:RestoreObject'];
const HARMLESS = ['s3:AbortMultipartUpload', 's3:ReplicateObject'];
const statements = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Principal: fc.constantFrom(
      '*',
      { AWS: '*' },
      { AWS: ['*'] },
      { AWS: ['*', FRIEND] },
      { AWS: FRIEND },
      { Service: SERVICE },
      { AWS: '*', Service: [SERVICE] },
    ),
    Action: fc.uniqueArray(
      fc.constantFrom(
        ...[...LIMITED, ...HARMLESS, 's3:Get*', 's3:*', '*', 's3:?utObject*', 's3:Abort*', 'S3:LISTBUCKET'],
      ),
      { minLength: 1, maxLength: 4 },
    ),
    Resource: fc.constant('arn:aws:s3:::b/*'),
  })
  // A Deny for everyone would confine the statements beside it.
  .map((one) => (one.Effect === 'Deny' ? { ...one, Principal: { AWS: FRIEND } } : one));

function isNarrow(action: string): boolean {
  return HARMLESS.includes(action) || action === 's3:Abort*';
}

/** By being one of everyone, or by name. */
function allows(list: readonly Statement[], who: string, action: string): boolean {
  return names(list, '*', action) || names(list, who, action);
}

function names(list: readonly Statement[], who: string, action: string): boolean {
  return list.some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      (typeof Principal === 'string' ? [Principal] : Object.values(Principal ?? {}).flat()).includes(who) &&
      [Action ?? []].flat().some((pattern) => matches(pattern, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  const source = pattern.replace(/[*?]/g, (wild) => (wild === '*' ? '.*' : '.'));
  return new RegExp(`^${source}$`, 'i').test(action);
}
