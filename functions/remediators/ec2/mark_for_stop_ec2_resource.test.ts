import { EC2Client } from '@aws-sdk/client-ec2';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances } from './fixtures/instance';
import { TAGGABLE, tagged } from './fixtures/tagged';
import { bot } from './mark_for_stop_ec2_resource';

const now = Math.floor(Date.now() / 1000);
const marked = (Value: string) => ({
  TagSpecifications: [
    {
      ResourceType: 'instance' as const,
      Tags: [
        { Key: 'marked_for_stop', Value },
        { Key: 'name', Value: 'x' },
      ],
    },
  ],
});
const missing = 'the tag marked_for_stop is missing: it is to be';

testBot(bot, {
  violating: [
    {
      name: 'not marked',
      given: async (account) => {
        await newInstance(account, marked('1'));
        return newInstance(account);
      },
      params: { time: '3h' },
      violation: missing,
      writes: ['ec2:CreateTags'],
      after: { mark: expect.stringMatching(/^\d{10}$/) as string },
      untouched: otherInstances,
    },
    {
      name: 'marked for later than is asked now',
      given: (account) => newInstance(account, marked(String(now + 7200))),
      params: { time: '30m' },
      violation: `the tag marked_for_stop is "${now + 7200}"`,
      writes: ['ec2:CreateTags'],
    },
    {
      name: 'marked with what is no time',
      given: (account) => newInstance(account, marked('tomorrow')),
      params: { time: '1D' },
      violation: 'the tag marked_for_stop is "tomorrow"',
      writes: ['ec2:CreateTags'],
    },
  ],
  compliant: [
    {
      name: 'an earlier mark is not put off by the next finding',
      given: (account) => newInstance(account, marked(String(now + 600))),
      params: { time: '3h' },
    },
    {
      name: 'the same finding again',
      given: (account) => newInstance(account, marked(String(now + 3 * 3600))),
      params: { time: '3h' },
    },
    {
      name: 'a mark whose time has come',
      given: (account) => newInstance(account, marked(String(now - 600))),
      params: { time: '3h' },
    },
    ...TAGGABLE.map((kind) => ({
      name: `${kind} that is marked`,
      given: (account: Account) => tagged(account, kind, 'marked_for_stop', String(now + 600)),
      params: { time: '3h' },
    })),
  ],
  // moto lacks ec2:DescribePlacementGroups; the test of tag_ec2_resource, which reads the same, scripts it.
  scripted: ['ec2:DescribePlacementGroups'],
});

describe('mark_for_stop_ec2_resource', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };

  test.each([
    ['30m', 1800],
    ['3H', 10_800],
    ['7d', 604_800],
    ['1h30m', 5400],
    ['1D12H05m', 129_900],
  ])('%s is that much from now, to the minute', async (time, seconds) => {
    const account = await newAccount();
    account.script({ DescribeInstances: () => ({ Reservations: [{ Instances: [{}] }] }) });
    const state = await bot.inspect({ ec2: account.client(EC2Client) }, { target, params: { time } });
    const left = (state?.deadline ?? 0) - Date.now() / 1000;
    expect(left).toBeGreaterThan(seconds - 5);
    expect(left).toBeLessThanOrEqual(seconds + 60);
  });

  test.each([
    '1h30',
    '0h0m',
    'h',
    '3',
    '0h',
    '3w',
    '-1h',
    '1.5h',
    '',
    'arn:aws:lambda:eu-west-1:1:function:x',
  ])('%j is refused rather than read as something else', (time) => {
    expect(() => bot.params.parse({ time })).toThrow();
  });

  test.each([
    ['was never there', () => Promise.resolve('i-00000000000000000')],
    ['has been terminated', endedInstance],
  ])('an instance that %s is gone', async (_name, given) => {
    const account = await newAccount();
    const id = await given(account);
    const aws = { ec2: account.client(EC2Client) };
    const job = { aws, target: { ...target, id }, params: { time: '3h' }, mode: 'apply' } as const;
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });
});
