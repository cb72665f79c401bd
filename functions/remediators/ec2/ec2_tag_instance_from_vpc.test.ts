import { CreateTagsCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { newInstance, otherInstances } from './fixtures/instance';
import { bot } from './ec2_tag_instance_from_vpc';

const inVpc =
  (onVpc: Record<string, string>, onInstance: Record<string, string> = {}) =>
  async (account: Account) => {
    const ec2 = account.client(EC2Client);
    const id = await newInstance(account);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const vpc = Reservations?.[0]?.Instances?.[0]?.VpcId ?? '';
    for (const [resource, tags] of [[vpc, onVpc] as const, [id, onInstance] as const]) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      if (Tags.length > 0) await ec2.send(new CreateTagsCommand({ Resources: [resource], Tags }));
    }
    return id;
  };
const params = { key: 'Owner' };
const violation = 'the instance has no tag Owner';

testBot(bot, {
  violating: [
    {
      name: 'without the tag, but with one that differs in case',
      given: inVpc({ Owner: 'core', team: 'a' }, { owner: 'x' }),
      ...{ params, violation, writes: ['ec2:CreateTags'], after: { own: 'core' } },
      untouched: otherInstances,
    },
    {
      name: 'the VPC has none either',
      given: inVpc({ owner: 'core' }),
      ...{ params, violation, writes: [], held: /^the VPC vpc-\w+ has no tag Owner either$/ },
    },
    {
      name: 'nobody says which tag',
      given: inVpc({ Owner: 'core' }),
      ...{ violation: 'nothing says which', writes: [], held: /^name the tag/ },
    },
  ],
  compliant: [
    { name: 'a value of its own', given: inVpc({ Owner: 'core' }, { Owner: 'edge' }), params },
    { name: 'an empty value is a value', given: inVpc({ Owner: 'core' }, { Owner: '' }), params },
  ],
  gone: 'i-00000000000000000',
});
