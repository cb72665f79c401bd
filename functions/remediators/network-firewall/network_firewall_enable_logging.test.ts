import {
  CreateFirewallCommand,
  DescribeFirewallCommand,
  DescribeLoggingConfigurationCommand,
  type LogDestinationConfig,
  NetworkFirewallClient,
  UpdateLoggingConfigurationCommand,
} from '@aws-sdk/client-network-firewall';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './network_firewall_enable_logging';

const UPDATE = 'network-firewall:UpdateLoggingConfiguration';
const toGroup = (LogType: 'ALERT' | 'FLOW', logGroup: string): LogDestinationConfig => ({
  LogType,
  LogDestinationType: 'CloudWatchLogs',
  LogDestination: { logGroup },
});

/** The firewalls `edge`, which is answered with, and `neighbour`, with these logs. */
const firewalls =
  (...LogDestinationConfigs: LogDestinationConfig[]) =>
  async ({ client, account, region }: Account) => {
    const firewall = client(NetworkFirewallClient);
    const FirewallPolicyArn = `arn:aws:network-firewall:${region}:${account}:firewall-policy/edge`;
    let arn = '';
    for (const FirewallName of ['neighbour', 'edge']) {
      const { Firewall } = await firewall.send(
        new CreateFirewallCommand({ FirewallName, FirewallPolicyArn, VpcId: 'vpc-1', SubnetMappings: [] }),
      );
      arn = Firewall?.FirewallArn ?? '';
      const LoggingConfiguration = { LogDestinationConfigs };
      await firewall.send(new UpdateLoggingConfigurationCommand({ FirewallArn: arn, LoggingConfiguration }));
    }
    return arn;
  };

const untouched = async ({ client }: Account, FirewallArn: string) => {
  const firewall = client(NetworkFirewallClient);
  const neighbour = await firewall.send(
    new DescribeLoggingConfigurationCommand({ FirewallName: 'neighbour' }),
  );
  const { Firewall } = await firewall.send(new DescribeFirewallCommand({ FirewallArn }));
  return [neighbour.LoggingConfiguration, Firewall];
};

testBot(bot, {
  violating: [
    {
      name: 'logs nothing',
      given: firewalls(),
      violation: 'the firewall logs nothing',
      writes: ['logs:CreateLogGroup', UPDATE],
      after: { logging: [toGroup('ALERT', '/aws/network-firewall/edge')] },
      untouched,
    },
    {
      name: 'logs flows, and alerts are asked for, into a bucket',
      given: firewalls(toGroup('FLOW', 'flows')),
      params: { logType: 'ALERT', destinationType: 'S3', destination: 'archive/firewalls/edge' },
      violation: 'the firewall logs no ALERT',
      writes: [UPDATE],
      after: {
        logging: [
          toGroup('FLOW', 'flows'),
          { LogDestination: { bucketName: 'archive', prefix: 'firewalls/edge' } },
        ],
      },
      untouched,
    },
    {
      name: 'no bucket is named',
      given: firewalls(),
      params: { destinationType: 'S3' },
      violation: 'the firewall logs nothing',
      writes: [],
      held: /set destination in config.ts/,
    },
  ],
  compliant: [{ name: 'logs something', given: firewalls(toGroup('FLOW', 'flows')) }],
  gone: 'arn:aws:network-firewall:eu-west-1:123456789012:firewall/gone',
});
