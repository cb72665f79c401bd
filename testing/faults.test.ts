import {
  CreateFlowLogsCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { newAccount } from './account';
import { setFaults } from './faults';

async function scene() {
  const account = await newAccount();
  const ec2 = account.client(EC2Client);
  const names = async () => {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    return SecurityGroups.map(({ GroupName }) => GroupName);
  };
  const make = async (GroupName: string) =>
    ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName }));
  return { account, ec2, names, make };
}

test('old state is shown for as many readings as asked, then the new one', async () => {
  const { account, names, make } = await scene();
  await setFaults(account, { stale: 2 });
  const before = await names();
  await make('new');
  expect(await names()).toEqual(before);
  expect(await names()).toEqual(before);
  expect(await names()).toEqual([...before, 'new']);
});

test('an operation is refused with the error asked for, and nothing is done', async () => {
  const { account, names, make } = await scene();
  const before = await names();
  const refuse = { 'ec2:CreateSecurityGroup': { code: 'SecurityGroupLimitExceeded', message: 'no more' } };
  await setFaults(account, { refuse });
  await expect(make('new')).rejects.toMatchObject({ name: 'SecurityGroupLimitExceeded', message: 'no more' });
  await setFaults(account);
  expect(await names()).toEqual(before);
});

test('an operation fails in part, with HTTP 200', async () => {
  const { account, ec2 } = await scene();
  const Error = { Code: 'Access Denied for LogDestination', Message: 'no' };
  const answers = { 'ec2:CreateFlowLogs': { Unsuccessful: [{ ResourceId: 'vpc-1', Error }] } };
  await setFaults(account, { answers });
  const command = new CreateFlowLogsCommand({
    ResourceIds: ['vpc-1'],
    ResourceType: 'VPC',
    TrafficType: 'REJECT',
    LogGroupName: 'flows',
  });
  expect(await ec2.send(command)).toMatchObject({ Unsuccessful: [{ ResourceId: 'vpc-1', Error }] });
});

test('the same requests are throttled by the same seed, and others by another', async () => {
  const throttled = async (seed: number) => {
    const { account } = await scene();
    const rds = account.client(
      class extends RDSClient {
        constructor(config: ConstructorParameters<typeof RDSClient>[0]) {
          super({ ...config, maxAttempts: 1 });
        }
      },
    );
    await setFaults(account, { throttle: 0.5, seed });
    const answers: string[] = [];
    for (let n = 0; n < 16; n++) {
      answers.push(
        await rds.send(new DescribeDBInstancesCommand({})).then(
          () => 'ok',
          (error: unknown) => (error as Error).name,
        ),
      );
    }
    return answers;
  };
  const one = await throttled(1);
  expect(new Set(one)).toEqual(new Set(['ok', 'Throttling']));
  expect(await throttled(1)).toEqual(one);
  expect(await throttled(2)).not.toEqual(one);
});

test('what is being changed takes its time', async () => {
  const { account } = await scene();
  const rds = account.client(RDSClient);
  await setFaults(account, { pending: 2 });
  const input = { DBInstanceIdentifier: 'own', DBInstanceClass: 'db.t3.micro', Engine: 'mysql' };
  await rds.send(
    new CreateDBInstanceCommand({ ...input, MasterUsername: 'u', MasterUserPassword: 'long-enough' }),
  );
  const status = async () =>
    (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.[0]?.DBInstanceStatus;
  expect([await status(), await status(), await status()]).toEqual(['modifying', 'modifying', 'available']);
});

test('another account has a good day', async () => {
  const [bad, good] = [await scene(), await scene()];
  await setFaults(bad.account, { throttle: 1 });
  await expect(good.make('new')).resolves.toBeDefined();
});
