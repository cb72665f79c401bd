import { CreatePolicyVersionCommand, IAMClient, SetDefaultPolicyVersionCommand } from '@aws-sdk/client-iam';
import { ALLOW_ALL, READ, document, otherRoles, policy, role } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_delete_default_policy_version';

const MORE = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
const OTHER = document({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });

/** A policy with these versions, of which that one is the default one; on a role. */
const versions =
  (documents: readonly string[], VersionId = `v${documents.length}`) =>
  async (account: Account) => {
    const [first = '', ...more] = documents;
    const PolicyArn = await policy(account, 'app', first);
    const iam = account.client(IAMClient);
    for (const PolicyDocument of more)
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
    await role(account, 'app', { policies: [PolicyArn] });
    return PolicyArn;
  };
const writes = ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'];

testBot(bot, {
  violating: [
    {
      name: 'the version before takes its place',
      given: versions([READ, OTHER, MORE]),
      params: { version: 'v3' },
      violation: /^v3, made .*Z, is the default version$/,
      writes,
      after: { current: 'v2' },
      untouched: (account) => otherRoles(account, ''),
    },
    {
      name: 'the newest takes its place',
      given: versions([READ, MORE, OTHER], 'v2'),
      params: { version: 'v2', to: 'newest' },
      violation: /^v2/,
      writes,
      after: { current: 'v3' },
    },
    {
      name: 'the only one, made just now',
      given: versions([MORE]),
      violation: /^v1/,
      writes: [],
      held: /there is no version to take the place of v1/,
    },
    {
      name: 'the version before allows everything',
      given: versions([ALLOW_ALL, READ]),
      violation: /^v2/,
      writes: [],
      held: /^v1, which would take its place, allows everything$/,
    },
  ],
  compliant: [
    { name: 'another version is the default one', given: versions([READ, MORE]), params: { version: 'v1' } },
  ],
  gone: 'arn:aws:iam::123456789012:policy/nothing',
});

test('without a version, one that was made long ago is left', () => {
  const id = 'arn:aws:iam::123456789012:policy/app';
  const target = { account: '123456789012', region: 'us-east-1', type: bot.resource, id };
  const context = { target, params: bot.params.parse({}) };
  const made = '2026-11-28T11:59:00.000Z';
  const state = {
    current: 'v1',
    versions: [{ id: 'v1', document: READ, made }],
    now: '2026-11-29T11:58:00.000Z',
  };
  expect(bot.check(state, context)).toMatch(/^v1/);
  expect(bot.check({ ...state, now: '2026-11-29T12:00:00.000Z' }, context)).toBeUndefined();
});
