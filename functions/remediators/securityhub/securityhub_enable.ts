import {
  BatchDisableStandardsCommand,
  BatchEnableStandardsCommand,
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
  type StandardsSubscription,
  paginateGetEnabledStandards,
} from '@aws-sdk/client-securityhub';
import * as z from 'zod';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

/** How the ARNs of standards end. Source: Security Hub User Guide, standards reference. */
const STANDARDS = {
  fsbp: 'standards/aws-foundational-security-best-practices/v/1.0.0',
  'cis-3.0': 'standards/cis-aws-foundations-benchmark/v/3.0.0',
  'cis-5.0': 'standards/cis-aws-foundations-benchmark/v/5.0.0',
  'nist-800-53': 'standards/nist-800-53/v/5.0.0',
  'pci-4.0.1': 'standards/pci-dss/v/4.0.1',
} as const;
type Standard = keyof typeof STANDARDS;

export const bot = defineBot({
  id: 'securityhub_enable',
  title: 'Turn on Security Hub CSPM in a region',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    standards: z
      .array(z.enum(Object.keys(STANDARDS) as [Standard, ...Standard[]]))
      .default(['fsbp'])
      .describe('standards that must be on; their checks are paid for'),
  }),
  from: { standards: 'config' },
  words: { order: ['standards'] },
  permissions: {
    read: ['securityhub:DescribeHub', 'securityhub:GetEnabledStandards'],
    write: [
      'securityhub:EnableSecurityHub',
      'securityhub:BatchEnableStandards',
      'iam:CreateServiceLinkedRole',
    ],
    undo: ['securityhub:DisableSecurityHub', 'securityhub:BatchDisableStandards'],
    only: { 'iam:CreateServiceLinkedRole': 'role/aws-service-role/securityhub.amazonaws.com/*' },
  },
  clients: { securityhub: SecurityHubClient },

  async inspect({ securityhub: client }): Promise<State> {
    const hub = client.send(new DescribeHubCommand({}));
    const isOn = await undefinedIfGone(hub, 'InvalidAccessException', 'ResourceNotFoundException');
    if (!isOn) return { on: false, standards: [] };
    const found: StandardsSubscription[] = [];
    for await (const page of paginateGetEnabledStandards({ client }, {}))
      found.push(...(page.StandardsSubscriptions ?? []));
    const standards = found.filter((one) => one.StandardsStatus !== 'DELETING').map(subscriptionOf);
    return { on: true, standards: standards.sort((one, other) => one.arn.localeCompare(other.arn)) };
  },

  check({ on, standards }, { params, target }) {
    if (!on) return 'Security Hub is not on in the region';
    const left = params.standards.filter((name) => !isEnabled(standards, name, target));
    return left.length > 0 ? `Security Hub is on without the standards ${left.join(', ')}` : undefined;
  },

  plan({ on, standards }, { params, target }) {
    const left = params.standards.filter((name) => !isEnabled(standards, name, target));
    const asked = left.map((name) => ({ StandardsArn: arnOf(name, target) }));
    const ControlFindingGenerator = 'SECURITY_CONTROL';
    return [
      ...(on
        ? []
        : [
            {
              securityhub: new EnableSecurityHubCommand({
                EnableDefaultStandards: false,
                ControlFindingGenerator,
              }),
            },
          ]),
      ...(asked.length > 0
        ? afterwards([
            { securityhub: new BatchEnableStandardsCommand({ StandardsSubscriptionRequests: asked }) },
          ])
        : []),
    ];
  },

  undo(before, { now }) {
    if (!before.on) return [{ securityhub: new DisableSecurityHubCommand({}) }];
    const added = now.standards.filter(({ arn }) => !before.standards.some((one) => one.arn === arn));
    const StandardsSubscriptionArns = added.map(({ subscription }) => subscription);
    return added.length > 0
      ? [{ securityhub: new BatchDisableStandardsCommand({ StandardsSubscriptionArns }) }]
      : [];
  },
});

interface State {
  readonly on: boolean;
  readonly standards: readonly Subscription[];
}

interface Subscription {
  readonly arn: string;
  readonly subscription: string;
}

function subscriptionOf({ StandardsArn = '', StandardsSubscriptionArn = '' }: StandardsSubscription) {
  return { arn: StandardsArn, subscription: StandardsSubscriptionArn };
}

function arnOf(name: Standard, { region }: Target): string {
  return `arn:${partitionOf(region)}:securityhub:${region}::${STANDARDS[name]}`;
}

function isEnabled(standards: readonly Subscription[], name: Standard, target: Target): boolean {
  return standards.some(({ arn }) => arn === arnOf(name, target));
}
