import {
  BatchEnableStandardsCommand,
  DescribeHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './securityhub_enable';

const standard = (region: string, name: string) => `arn:aws:securityhub:${region}::standards/${name}`;
const FSBP = 'aws-foundational-security-best-practices/v/1.0.0';
const THEIRS = 'nist-800-53/v/5.0.0';

// Standards are local AWS's own: moto has no operation of theirs.
const hub =
  (...names: string[]) =>
  async ({ client, region }: Account) => {
    const securityhub = client(SecurityHubClient);
    await securityhub.send(new EnableSecurityHubCommand({ EnableDefaultStandards: false }));
    const StandardsSubscriptionRequests = names.map((name) => ({ StandardsArn: standard(region, name) }));
    await securityhub.send(new BatchEnableStandardsCommand({ StandardsSubscriptionRequests }));
    return region;
  };

/** What was chosen by others, and another region. */
const others = async ({ client, region }: Account) => {
  const { StandardsSubscriptions = [] } = await client(SecurityHubClient).send(
    new GetEnabledStandardsCommand({}),
  );
  const elsewhere = client(SecurityHubClient, 'us-east-1').send(new DescribeHubCommand({}));
  return [
    StandardsSubscriptions.filter(({ StandardsArn }) => StandardsArn !== standard(region, FSBP)),
    await undefinedIfGone(elsewhere, 'InvalidAccessException'),
  ];
};

const ENABLE = 'securityhub:EnableSecurityHub';
const STANDARDS = 'securityhub:BatchEnableStandards';

testBot(bot, {
  violating: [
    {
      name: 'off',
      given: ({ region }) => Promise.resolve(region),
      violation: 'Security Hub is not on in the region',
      writes: [ENABLE, STANDARDS],
      after: { on: true },
      untouched: others,
    },
    {
      name: 'on, with another standard than the one that is wanted',
      given: hub(THEIRS),
      violation: 'without the standards fsbp',
      writes: [STANDARDS],
      untouched: others,
    },
  ],
  compliant: [{ name: 'on, with more than is wanted', given: hub(FSBP, THEIRS) }],
});
