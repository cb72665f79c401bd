import {
  DescribeHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { type Account, testBot } from '../../../testing/contract';
import { scriptStandards } from './fixtures/standards';
import { bot } from './securityhub_enable';

const standard = (region: string, name: string) => `arn:aws:securityhub:${region}::standards/${name}`;
const FSBP = 'aws-foundational-security-best-practices/v/1.0.0';
const THEIRS = 'nist-800-53/v/5.0.0';

const hub =
  (...names: string[]) =>
  async (account: Account) => {
    const { client, region } = account;
    scriptStandards(
      account,
      names.map((name) => standard(region, name)),
    );
    await client(SecurityHubClient).send(new EnableSecurityHubCommand({ EnableDefaultStandards: false }));
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
      given: (account) => {
        scriptStandards(account);
        return Promise.resolve(account.region);
      },
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
