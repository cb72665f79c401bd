import {
  CreateDetectorCommand,
  type DetectorFeatureConfiguration,
  GetDetectorCommand,
  GuardDutyClient,
} from '@aws-sdk/client-guardduty';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './guardduty_enable_features';

type Features = readonly DetectorFeatureConfiguration[];

/** A detector with these features. UpdateDetector: moto drops the features that are not named; GuardDuty keeps them. */
const detector =
  (Features: Features, Enable = true) =>
  async ({ client, script }: Account) => {
    const guardduty = client(GuardDutyClient);
    const { DetectorId = '' } = await guardduty.send(new CreateDetectorCommand({ Enable }));
    let now = Features;
    script({
      GetDetector: () => ({ Status: Enable ? 'ENABLED' : 'DISABLED', Features: now }),
      UpdateDetector: ({ Features: changes = [] }) => {
        for (const change of changes as Features) now = merged(now, change);
        return {};
      },
    });
    return DetectorId;
  };

function merged(features: Features, change: DetectorFeatureConfiguration): Features {
  const [before, others] = [
    features.find(({ Name }) => Name === change.Name),
    features.filter(({ Name }) => Name !== change.Name),
  ];
  const parts = change.AdditionalConfiguration ?? [];
  const kept = (before?.AdditionalConfiguration ?? []).filter(
    ({ Name }) => !parts.some((part) => part.Name === Name),
  );
  return [...others, { ...change, AdditionalConfiguration: [...kept, ...parts] }];
}

const on = (...names: string[]) =>
  names.map((Name) => ({ Name, Status: 'ENABLED' }) as DetectorFeatureConfiguration);

const EKS = 'RUNTIME_MONITORING:EKS_ADDON_MANAGEMENT' as const;
const runtime: DetectorFeatureConfiguration = {
  ...{ Name: 'RUNTIME_MONITORING', Status: 'ENABLED' },
  AdditionalConfiguration: [
    { Name: 'EKS_ADDON_MANAGEMENT', Status: 'ENABLED' },
    { Name: 'EC2_AGENT_MANAGEMENT', Status: 'DISABLED' },
  ],
};

testSetting(bot, {
  given: (account, value) =>
    detector([...on('CLOUD_TRAIL'), ...(value.includes(EKS) ? [runtime] : []), ...on(...value)])(account),
  wrong: ['S3_DATA_EVENTS'],
  right: ['S3_DATA_EVENTS', 'RUNTIME_MONITORING', EKS],
  params: { features: ['RUNTIME_MONITORING', EKS] },
  violation: 'GuardDuty runs without RUNTIME_MONITORING, RUNTIME_MONITORING:EKS_ADDON_MANAGEMENT',
  writes: ['guardduty:UpdateDetector'],
  untouched: async ({ client }, DetectorId) => {
    const { Features = [] } = await client(GuardDutyClient).send(new GetDetectorCommand({ DetectorId }));
    return Features.filter(({ Name }) => Name !== 'RUNTIME_MONITORING');
  },
  gone: '12abc34d567e8fa901bc2d34e56789f0',
  more: {
    violating: [
      {
        name: 'the feature that came before it',
        given: detector(on('EKS_RUNTIME_MONITORING')),
        held: /EKS Runtime Monitoring is on/,
      },
    ],
    compliant: [{ name: 'suspended', given: detector([], false) }],
  },
});
