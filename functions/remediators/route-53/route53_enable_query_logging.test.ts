import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateHostedZoneCommand, ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './route53_enable_query_logging';

/**
 * A zone example.com. CreateQueryLoggingConfig: moto looks for the log group in us-east-1, where targets that lie in no
 * region have their clients, but not those of this contract.
 */
const zone =
  ({ isLogged = false, isPrivate = false, group = false } = {}) =>
  async (account: Account) => {
    const VPC = isPrivate && { VPC: { VPCId: 'vpc-1', VPCRegion: 'eu-west-1' as const } };
    const { HostedZone } = await account.client(Route53Client).send(
      new CreateHostedZoneCommand({
        Name: 'example.com',
        CallerReference: randomUUID(),
        HostedZoneConfig: { PrivateZone: isPrivate },
        ...VPC,
      }),
    );
    if (group)
      await account
        .client(CloudWatchLogsClient)
        .send(new CreateLogGroupCommand({ logGroupName: '/aws/route53/example.com' }));
    const HostedZoneId = HostedZone?.Id?.split('/').at(-1) ?? '';
    let configs = isLogged ? [{ Id: 'mine', HostedZoneId, CloudWatchLogsLogGroupArn: 'arn:mine' }] : [];
    account.script({
      ListQueryLoggingConfigs: () => ({ QueryLoggingConfigs: configs }),
      CreateQueryLoggingConfig: ({ CloudWatchLogsLogGroupArn: arn }) => {
        configs = [{ Id: 'new', HostedZoneId, CloudWatchLogsLogGroupArn: String(arn) }];
        return {};
      },
      DeleteQueryLoggingConfig: () => {
        configs = [];
        return {};
      },
    });
    return HostedZoneId;
  };
const violation = 'queries for the zone are not logged: turn on query logging';
const create = 'route53:CreateQueryLoggingConfig';
const untouched = async ({ client }: Account) =>
  (await client(Route53Client).send(new ListHostedZonesCommand({}))).HostedZones;

testBot(bot, {
  violating: [
    {
      name: 'not logged',
      given: zone(),
      violation,
      writes: ['logs:CreateLogGroup', 'logs:PutResourcePolicy', create],
      after: { config: 'new' },
      untouched,
    },
    {
      name: 'not logged, and the log group is there',
      given: zone({ group: true }),
      violation,
      writes: ['logs:PutResourcePolicy', create],
      untouched,
    },
  ],
  compliant: [
    { name: 'logged elsewhere', given: zone({ isLogged: true }) },
    { name: 'private', given: zone({ isPrivate: true }) },
  ],
  gone: 'Z0GONE',
});
