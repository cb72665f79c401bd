import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateTagsCommand,
  DescribeAddressesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { newInstance, secondInterface } from './fixtures/instance';
import { bot } from './ec2_release_eips';

const MARK = 'ec2:CreateTags';
const OFF = 'ec2:DisassociateAddress';
const RELEASE = 'ec2:ReleaseAddress';
const irreversible = /released, and perhaps another's by now/;

testBot(bot, {
  violating: [
    {
      name: 'an address on each of two interfaces, beside those of others',
      given: async (account) => {
        const id = await newInstance(account);
        await onInstance(account, id);
        await onInterface(account, await secondInterface(account, id));
        await onInstance(account, await newInstance(account));
        await allocate(account, 'other');
        return id;
      },
      violation: /^the instance has Elastic IP addresses: [\d.]+ on eni-\w+; [\d.]+ on eni-\w+$/,
      writes: [MARK, MARK, OFF, OFF, RELEASE, RELEASE],
      after: { addresses: [] },
      untouched: others,
      irreversible,
    },
    {
      name: 'an address that a run which was cut off has taken off, and one that it took from another instance',
      given: async (account) => {
        const id = await newInstance(account);
        await mark(account, await allocate(account), id);
        await mark(account, await allocate(account, 'other'), 'i-11111111111111111');
        return id;
      },
      violation: /^the instance has Elastic IP addresses: [\d.]+, taken off$/,
      writes: [RELEASE],
      after: { addresses: [] },
      untouched: others,
      irreversible,
    },
    {
      name: 'taken off and kept',
      given: async (account) => {
        const id = await newInstance(account);
        await onInstance(account, id);
        await onInstance(account, await newInstance(account));
        return id;
      },
      params: { release: false },
      violation: /^the instance has Elastic IP addresses: [\d.]+ on eni-\w+$/,
      writes: [OFF],
      after: { addresses: [] },
      untouched: others,
    },
    {
      name: 'with reverse DNS',
      given: async (account) => {
        const id = await newInstance(account);
        await withReverseDns(account, await onInstance(account, id));
        return id;
      },
      violation: 'the instance has Elastic IP addresses',
      writes: [],
      held: /^[\d.]+ has reverse DNS to mail.example.com.: remove that first, or use release=false$/,
    },
    {
      name: 'with reverse DNS, which stays when the address is kept',
      given: async (account) => {
        const id = await newInstance(account);
        await withReverseDns(account, await onInstance(account, id));
        return id;
      },
      params: { release: false },
      violation: 'the instance has Elastic IP addresses',
      writes: [OFF],
    },
  ],
  compliant: [
    {
      name: 'an instance without addresses, beside a free address',
      given: async (account) => {
        await allocate(account);
        return newInstance(account);
      },
    },
    {
      name: 'an address that was marked, and has been given to another instance since',
      given: async (account) => {
        const id = await newInstance(account);
        await mark(account, await onInstance(account, await newInstance(account)), id);
        return id;
      },
    },
  ],
  gone: 'i-00000000000000000',
});

describe('ec2_release_eips', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const on = { association: 'eipassoc-1', interface: 'eni-1', ip: '10.0.0.4' };
  const address = { allocation: 'eipalloc-1', ip: '203.0.113.7', on };

  test.each([true, false])('an address that an AWS service manages is held (release=%s)', (release) => {
    const addresses = [
      { ...address, allocation: 'eipalloc-0' },
      { ...address, service: 'alb' },
    ];
    expect(bot.plan({ addresses }, { target, params: { release } })).toEqual({
      held: '203.0.113.7 is managed by alb: take it off there',
    });
  });

  test('an address of a Local Zone is released in its network border group', () => {
    const state = { addresses: [{ allocation: 'eipalloc-1', ip: '203.0.113.7', border: 'us-west-2-lax-1' }] };
    expect(bot.plan(state, { target, params: { release: true } })).toMatchObject([
      { ec2: { input: { AllocationId: 'eipalloc-1', NetworkBorderGroup: 'us-west-2-lax-1' } } },
    ]);
  });

  test('an address that was kept goes back to its interface and private address, and from nobody else', () => {
    const now = { addresses: [] };
    expect(bot.undo({ addresses: [address] }, { target, params: { release: false }, now })).toMatchObject([
      {
        ec2: {
          input: {
            AllocationId: 'eipalloc-1',
            NetworkInterfaceId: 'eni-1',
            PrivateIpAddress: '10.0.0.4',
            AllowReassociation: false,
          },
        },
      },
    ]);
  });

  test('what is asked for without a word is what CloudBots did', () => {
    expect(bot.params.parse({})).toEqual({ release: true });
  });
});

async function allocate({ client }: Account, name?: string): Promise<string> {
  const Tags = name === undefined ? [] : [{ Key: 'name', Value: name }];
  const { AllocationId = '' } = await client(EC2Client).send(
    new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] }),
  );
  return AllocationId;
}

async function onInstance(account: Account, InstanceId: string): Promise<string> {
  const AllocationId = await allocate(account);
  await account.client(EC2Client).send(new AssociateAddressCommand({ AllocationId, InstanceId }));
  return AllocationId;
}

async function onInterface(account: Account, NetworkInterfaceId: string): Promise<void> {
  const AllocationId = await allocate(account);
  await account.client(EC2Client).send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
}

async function mark({ client }: Account, AllocationId: string, instance: string): Promise<void> {
  const Tags = [{ Key: 'selfheal-release', Value: instance }];
  await client(EC2Client).send(new CreateTagsCommand({ Resources: [AllocationId], Tags }));
}

// DescribeAddressesAttribute: moto has no ModifyAddressAttribute to give an address reverse DNS.
function withReverseDns({ script }: Account, AllocationId: string): Promise<void> {
  const Addresses = [{ AllocationId, PtrRecord: 'mail.example.com.' }];
  script({ DescribeAddressesAttribute: () => ({ Addresses }) });
  return Promise.resolve();
}

/** Free addresses, and those of other instances. */
async function others({ client }: Account, id: string): Promise<unknown> {
  const { Addresses = [] } = await client(EC2Client).send(new DescribeAddressesCommand({}));
  return Addresses.filter(
    ({ InstanceId, Tags = [] }) =>
      ![undefined, '', id].includes(InstanceId) || Tags.some(({ Key }) => Key === 'name'),
  );
}
