import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Entry, admitsMore } from './lib/acl-changes';
import { newAccount } from '../../../testing/account';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './acl_revert_modification';

const ENTRY = { ruleNumber: 90, egress: false };
const SSH = { ruleAction: 'allow', aclProtocol: '6', portRange: { from: 22, to: 22 }, icmpTypeCode: {} };
const open = { ...SSH, cidrBlock: '0.0.0.0/0' };
const narrow = { ...SSH, cidrBlock: '10.0.0.0/8' };
const deny = { ...SSH, ruleAction: 'deny', cidrBlock: '0.0.0.0/0' };
type Rule = typeof open;

interface Event {
  readonly name: 'Create' | 'Replace' | 'Delete';
  /** What was asked for. */
  readonly made?: Rule;
  readonly by?: string;
  readonly hoursAgo?: number;
}

/** Moto has no LookupEvents, and its GetResourceConfigHistory knows no ACLs. */
const script = (account: Account, id: string, events: readonly Event[], recorded?: readonly Rule[]) => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  account.script({
    LookupEvents: ({ LookupAttributes, StartTime, EndTime }) => {
      const asked = JSON.stringify(LookupAttributes);
      if (asked !== `[{"AttributeKey":"ResourceName","AttributeValue":"${id}"}]`) throw new Error(asked);
      const [from, to] = [StartTime as Date, EndTime as Date];
      return {
        Events: events
          .map(({ name, made, by = 'eve', hoursAgo = 1 }) => ({
            ...{ EventId: '1', EventName: `${name}NetworkAclEntry`, EventTime: ago(hoursAgo) },
            CloudTrailEvent: JSON.stringify({
              requestParameters: { networkAclId: id, ...ENTRY, ...made },
              userIdentity: { sessionContext: { sessionIssuer: { userName: by } } },
            }),
          }))
          .filter(({ EventTime }) => EventTime >= from && EventTime <= to),
      };
    },
    GetResourceConfigHistory: ({ resourceId, laterTime }) => {
      if (resourceId !== id || !(laterTime instanceof Date)) throw new Error('another resource');
      if (!recorded) throw Object.assign(new Error('none'), { name: 'ResourceNotDiscoveredException' });
      const entries = recorded.map(({ aclProtocol: protocol, ...rule }) => ({ ...ENTRY, ...rule, protocol }));
      const configuration = JSON.stringify({ networkAclId: id, entries });
      return { configurationItems: [{ configurationItemCaptureTime: ago(48), configuration }] };
    },
  });
};
/** An ACL whose entry is now so, beside other entries, after these events. */
const acl =
  (current: Rule | undefined, events: readonly Event[], recorded?: readonly Rule[]) =>
  async (account: Account) => {
    const ec2 = account.client(EC2Client);
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
    const { NetworkAcl } = await ec2.send(new CreateNetworkAclCommand({ VpcId: NetworkAcls[0]?.VpcId }));
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? '';
    const put = async (RuleNumber: number, Egress: boolean, { cidrBlock, ruleAction }: Rule) =>
      ec2.send(
        new CreateNetworkAclEntryCommand({
          ...{ NetworkAclId, RuleNumber, Egress, Protocol: '6', PortRange: { From: 22, To: 22 } },
          ...{ CidrBlock: cidrBlock, RuleAction: ruleAction as 'allow' | 'deny' },
        }),
      );
    await put(100, false, narrow);
    await put(90, true, open);
    if (current) await put(90, false, current);
    script(account, NetworkAclId, events, recorded);
    return NetworkAclId;
  };
const others = async ({ client }: Account, id: string) => {
  const { NetworkAcls = [] } = await client(EC2Client).send(new DescribeNetworkAclsCommand({}));
  const entries = NetworkAcls.flatMap(({ NetworkAclId, Entries = [] }) =>
    Entries.map((entry) => ({ NetworkAclId, ...entry })),
  );
  return {
    others: entries.filter((one) => one.NetworkAclId !== id || one.RuleNumber !== 90 || one.Egress),
  };
};
const isOpen = /^inbound entry 90 is allow protocol 6 ports 22-22 for 0\.0\.0\.0\/0 since .* by eve\)$/;

testBot(bot, {
  violating: [
    {
      name: 'an entry was made',
      given: acl(open, [{ name: 'Create', made: open }]),
      violation: isOpen,
      writes: ['ec2:DeleteNetworkAclEntry'],
      untouched: others,
    },
    {
      name: 'an entry was replaced, and AWS Config knows what it was',
      given: acl(open, [{ name: 'Replace', made: open }], [narrow]),
      violation: isOpen,
      writes: ['ec2:ReplaceNetworkAclEntry'],
      after: { current: { cidr: '10.0.0.0/8' } },
      untouched: others,
    },
    {
      name: 'an entry that denies was deleted, and CloudTrail knows what it was',
      given: acl(undefined, [{ name: 'Delete' }, { name: 'Create', made: deny, hoursAgo: 200 }]),
      violation: /^inbound entry 90 is absent since/,
      writes: ['ec2:CreateNetworkAclEntry'],
      after: { current: { action: 'deny' } },
      untouched: others,
    },
    {
      name: 'an entry that allows was deleted',
      given: acl(undefined, [{ name: 'Delete' }], [open]),
      violation: /is absent/,
      writes: [],
      held: /by which more is let in: say reopen=true$/,
    },
    {
      name: 'nobody knows what it was',
      given: acl(open, [{ name: 'Replace', made: open }]),
      violation: isOpen,
      writes: [],
      held: /^neither AWS Config nor CloudTrail/,
    },
    {
      name: 'changed again since',
      given: acl(deny, [{ name: 'Create', made: open }]),
      violation: /^inbound entry 90 is deny/,
      writes: [],
      held: /changed again since/,
    },
    {
      name: 'several changes',
      given: acl(open, [
        { name: 'Create', made: open },
        { name: 'Delete', hoursAgo: 2 },
      ]),
      violation: '2 changes were made in that time',
      writes: [],
      held: /say when it was made/,
    },
  ],
  compliant: [
    {
      name: 'it is as it was, and selfheal put it so',
      given: acl(undefined, [
        { name: 'Create', made: open },
        { name: 'Delete', by: 'selfheal-prod-acl_revert_modification', hoursAgo: 0.5 },
      ]),
    },
  ],
  gone: 'acl-0123456789abcdef0',
  scripted: ['cloudtrail:LookupEvents'],
});

describe('acl_revert_modification', () => {
  test('while there is no event it waits; with a time it looks there only', async () => {
    const account = await newAccount();
    const id = await acl(open, [{ name: 'Create', made: open }])(account);
    const target = { account: account.account, region: account.region, type: bot.resource, id };
    const aws = bot.clients;
    const clients = {
      ...{ ec2: account.client(aws.ec2), config: account.client(aws.config) },
      cloudtrail: account.client(aws.cloudtrail),
    };
    const look = async (hoursAgo: number) => {
      const eventTime = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
      const context = { target, params: bot.params.parse({ eventTime }) };
      const state = await bot.inspect(clients, context);
      return state && bot.plan(state, context);
    };
    expect(await look(3)).toHaveProperty('waiting');
    expect(await look(1.1)).toHaveLength(1);
  });

  const entry = (action: 'allow' | 'deny', cidr: string, [from, to] = [22, 22]): Entry => ({
    ...{ action, protocol: '6', cidr, from, to },
  });
  test.each<[string, Entry | undefined, Entry | undefined, boolean]>([
    ['an allow goes', entry('allow', '0.0.0.0/0'), undefined, false],
    ['an allow comes', undefined, entry('allow', '10.0.0.0/8'), true],
    ['an allow is narrowed', entry('allow', '0.0.0.0/0'), entry('allow', '10.0.0.0/8'), false],
    ['an allow is widened', entry('allow', '10.0.0.0/8'), entry('allow', '0.0.0.0/0'), true],
    ['an allow gets more ports', entry('allow', '0.0.0.0/0'), entry('allow', '0.0.0.0/0', [22, 23]), true],
    ['a deny goes', entry('deny', '0.0.0.0/0'), undefined, true],
    ['a deny comes', undefined, entry('deny', '0.0.0.0/0'), false],
    ['a deny is narrowed', entry('deny', '0.0.0.0/0'), entry('deny', '10.0.0.0/8'), true],
    ['a deny becomes an allow', entry('deny', '0.0.0.0/0'), entry('allow', '10.0.0.0/8'), true],
    ['an allow becomes a deny', entry('allow', '10.0.0.0/8'), entry('deny', '10.0.0.0/8'), false],
    ['another family', entry('allow', '0.0.0.0/0'), entry('allow', '::/0'), true],
  ])('whether more is let in: %s', (_name, from, to, more) => {
    expect(admitsMore(from, to)).toBe(more);
  });
});
