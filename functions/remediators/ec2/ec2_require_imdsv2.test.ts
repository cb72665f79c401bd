import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances } from './fixtures/instance';
import { bot } from './ec2_require_imdsv2';

const MODIFY = 'ec2:ModifyInstanceMetadataOptions';
const violation = 'the instance metadata service answers without a token: require IMDSv2';
const options = (account: Account, MetadataOptions: object) => newInstance(account, { MetadataOptions });

testBot(bot, {
  violating: [
    {
      name: 'made with nothing said about tokens, beside another',
      given: async (account) => {
        await newInstance(account);
        return newInstance(account);
      },
      violation,
      writes: [MODIFY],
      after: { is: 'required', on: true, hopLimit: 1 },
      untouched: otherInstances,
    },
    {
      name: 'a hop limit for containers, which stays',
      given: (account) => options(account, { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 }),
      violation,
      writes: [MODIFY],
      after: { is: 'required', hopLimit: 2 },
    },
    {
      name: 'IMDSv1 was used yesterday',
      given: async (account) => {
        const id = await newInstance(account);
        await useOfV1(account, id, 3);
        return id;
      },
      violation,
      writes: [],
      held: /^its software used IMDSv1 3 times in the last 7 days: update that first/,
    },
    {
      name: 'IMDSv1 was used yesterday, and nobody wants to know',
      given: async (account) => {
        const id = await newInstance(account);
        await useOfV1(account, id, 3);
        return id;
      },
      params: { quietDays: 0 },
      violation,
      writes: [MODIFY],
    },
    {
      name: 'IMDSv1 was used by another instance',
      given: async (account) => {
        await useOfV1(account, await newInstance(account), 3);
        return newInstance(account);
      },
      violation,
      writes: [MODIFY],
    },
  ],
  compliant: [
    { name: 'required already', given: (account) => options(account, { HttpTokens: 'required' }) },
    {
      name: 'a service that is turned off answers nobody',
      given: (account) => options(account, { HttpTokens: 'optional', HttpEndpoint: 'disabled' }),
    },
  ],
  gone: 'i-00000000000000000',
});

test('a terminated instance is gone', async () => {
  const account = await newAccount();
  const target = {
    account: account.account,
    region: account.region,
    type: bot.resource,
    id: await endedInstance(account),
  };
  const aws = { ec2: account.client(EC2Client), cloudwatch: account.client(CloudWatchClient) };
  expect(await bot.inspect(aws, { target, params: bot.params.parse({}) })).toBeUndefined();
});

async function useOfV1({ client }: Account, id: string, times: number): Promise<void> {
  await client(CloudWatchClient).send(
    new PutMetricDataCommand({
      Namespace: 'AWS/EC2',
      MetricData: [1, times - 1].map((Value) => ({
        MetricName: 'MetadataNoToken',
        Dimensions: [{ Name: 'InstanceId', Value: id }],
        Timestamp: new Date(Date.now() - Value * 10_000_000),
        Value,
      })),
    }),
  );
}
