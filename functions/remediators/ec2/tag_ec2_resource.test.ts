import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { remediate } from '../../../shared/bot/run';
import { typeOfId } from '../../../shared/resources/types';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances } from './fixtures/instance';
import { TAGGABLE, tagged } from './fixtures/tagged';
import { readWords, splitWords } from '../../findings/words';
import { catalogue } from '../catalogue';
import { bot } from './tag_ec2_resource';

const params = { key: 'owner', value: 'team: core/web @ +1 = a' };
const instance = (...tags: [key: string, value: string][]) => {
  const Tags = tags.map(([Key, Value]) => ({ Key, Value }));
  return { TagSpecifications: [{ ResourceType: 'instance' as const, Tags }] };
};

testBot(bot, {
  violating: [
    {
      name: 'without the tag, but with others, one of which differs in case only',
      given: async (account) => {
        await newInstance(account, instance(['owner', 'other']));
        return newInstance(account, instance(['Owner', 'x'], ['name', 'y']));
      },
      params,
      violation: 'the tag owner is missing, not "team: core/web @ +1 = a"',
      writes: ['ec2:CreateTags'],
      after: { value: params.value },
      untouched: otherInstances,
    },
    {
      name: 'with another value',
      given: (account) => newInstance(account, instance(['owner', 'nobody'], ['name', 'y'])),
      params,
      violation: 'the tag owner is "nobody", not "team: core/web @ +1 = a"',
      writes: ['ec2:CreateTags'],
      untouched: otherInstances,
    },
    {
      name: 'an empty value is a value',
      given: (account) => newInstance(account, instance(['owner', ''])),
      params,
      violation: 'the tag owner is "", not',
      writes: ['ec2:CreateTags'],
    },
    {
      name: 'another type of EC2’s resources',
      given: (account) => tagged(account, 'a security group', 'owner', 'nobody'),
      params,
      violation: 'the tag owner is "nobody"',
      writes: ['ec2:CreateTags'],
    },
    {
      name: 'nobody says which tag',
      given: (account) => newInstance(account),
      violation: 'nothing says which',
      writes: [],
      held: /^name /,
    },
  ],
  compliant: [
    {
      name: 'has the tag',
      given: (account) => newInstance(account, instance(['owner', params.value])),
      params,
    },
    ...TAGGABLE.map((kind) => ({
      name: `${kind} that has it`,
      given: (account: Account) => tagged(account, kind, 'owner', params.value),
      params,
    })),
  ],
  // moto lacks ec2:DescribePlacementGroups.
  scripted: ['ec2:DescribePlacementGroups'],
});

describe('tag_ec2_resource', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const entry = catalogue.find(({ id }) => id === bot.id);

  test.each([
    ['owner core', { key: 'owner', value: 'core' }],
    ['"cost center" "team a"', { key: 'cost center', value: 'team a' }],
    [`'owner' "me@example.com / a:b + c = d"`, { key: 'owner', value: 'me@example.com / a:b + c = d' }],
    ['key=owner value="a=b"', { key: 'owner', value: 'a=b' }],
    ['owner a=b', { key: 'owner', value: 'a=b' }],
    ['owner', { key: 'owner' }],
    ['owner value=', { key: 'owner', value: '' }],
  ])('the words %s', (text, expected) => {
    expect(entry && readWords(entry, splitWords(text))).toEqual({ params: expected });
  });

  test.each(['owner core team'])('the words %j are refused', (text) => {
    expect(entry && readWords(entry, splitWords(text))).toHaveProperty('wrong');
  });

  test("AWS's own keys are refused", () => {
    expect(() => bot.params.parse({ key: 'AWS:x', value: '' })).toThrow(/aws:/);
  });

  test('a placement group', async () => {
    const account = await newAccount();
    account.script({
      DescribePlacementGroups: () => ({ PlacementGroups: [{ GroupId: 'pg-0a1b', Tags: [] }] }),
    });
    const aws = { ec2: account.client(EC2Client) };
    const group = { ...target, type: 'AWS::EC2::PlacementGroup', id: 'pg-0a1b' };
    expect(await remediate(bot, { aws, target: group, params, mode: 'plan' })).toMatchObject({
      outcome: 'planned',
      calls: [{ action: 'ec2:CreateTags', input: { Resources: ['pg-0a1b'] } }],
    });
  });

  test.each([
    'sg-0123456789abcdef0',
    'vol-0123456789abcdef0',
    'snap-0123456789abcdef0',
    'ami-0123456789abcdef0',
    'subnet-0123456789abcdef0',
    'vpc-0123456789abcdef0',
    'acl-0123456789abcdef0',
    'rtb-0123456789abcdef0',
    'igw-0123456789abcdef0',
    'eni-0123456789abcdef0',
    'pcx-0123456789abcdef0',
  ])('%s, which is not there', async (id) => {
    const account = await newAccount();
    const aws = { ec2: account.client(EC2Client) };
    const job = {
      aws,
      target: { ...target, type: typeOfId(id)?.type ?? '', id },
      params,
      mode: 'apply',
    } as const;
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });

  test.each([
    ['was never there', () => Promise.resolve('i-00000000000000000')],
    ['has been terminated', endedInstance],
  ])('an instance that %s is gone', async (_name, given) => {
    const account = await newAccount();
    const id = await given(account);
    const aws = { ec2: account.client(EC2Client) };
    const job = { aws, target: { ...target, id }, params, mode: 'apply' } as const;
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });

  test('whatever the values are, undo leads back to the one before', () => {
    const value = fc.option(fc.string({ maxLength: 5 }), { nil: undefined });
    const stateOf = (tag: string | undefined) => (tag === undefined ? {} : { value: tag });
    fc.assert(
      fc.property(value, value, (before, now) => {
        const steps = bot.undo(stateOf(before), { target, params, now: stateOf(now) });
        if ('irreversible' in steps) throw new Error('it is reversible');
        const after = steps.reduce<string | undefined>(
          (_tag, { ec2 }) => (ec2 instanceof CreateTagsCommand ? ec2.input.Tags?.[0]?.Value : undefined),
          now,
        );
        expect(after).toBe(before);
      }),
    );
  });
});
