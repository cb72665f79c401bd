import {
  type DetectorFeatureConfiguration,
  GetDetectorCommand,
  GuardDutyClient,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import * as z from 'zod';
import { defineSetting, includes } from '../../../shared/bot/setting';

/** Protection plans, and after a colon what belongs to one. Source: GuardDuty API, DetectorFeatureConfiguration. */
const FEATURES = [
  'S3_DATA_EVENTS',
  'RDS_LOGIN_EVENTS',
  'EKS_AUDIT_LOGS',
  'LAMBDA_NETWORK_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RUNTIME_MONITORING',
  'RUNTIME_MONITORING:EKS_ADDON_MANAGEMENT',
  'RUNTIME_MONITORING:ECS_FARGATE_AGENT_MANAGEMENT',
  'RUNTIME_MONITORING:EC2_AGENT_MANAGEMENT',
] as const;
type Feature = (typeof FEATURES)[number];

export const bot = defineSetting({
  id: 'guardduty_enable_features',
  title: 'Turn on protection plans of GuardDuty',
  attribute: 'features',
  resource: 'AWS::GuardDuty::Detector',
  severity: 'medium',
  risk: 'safe',
  recheck: 'daily',
  params: z.object({
    features: z
      .array(z.enum(FEATURES))
      .default([...FEATURES])
      .describe('protection plans that must be on; those of RUNTIME_MONITORING bring its agent'),
  }),
  from: { features: 'config' },
  words: { order: ['features'] },
  permissions: {
    read: ['guardduty:GetDetector'],
    write: ['guardduty:UpdateDetector'],
  },
  byControl: {
    'GuardDuty.5': { features: ['EKS_AUDIT_LOGS'] },
    'GuardDuty.6': { features: ['LAMBDA_NETWORK_LOGS'] },
    'GuardDuty.7': { features: ['RUNTIME_MONITORING', 'RUNTIME_MONITORING:EKS_ADDON_MANAGEMENT'] },
    'GuardDuty.8': { features: ['EBS_MALWARE_PROTECTION'] },
    'GuardDuty.9': { features: ['RDS_LOGIN_EVENTS'] },
    'GuardDuty.10': { features: ['S3_DATA_EVENTS'] },
    'GuardDuty.11': { features: ['RUNTIME_MONITORING'] },
    'GuardDuty.12': { features: ['RUNTIME_MONITORING', 'RUNTIME_MONITORING:ECS_FARGATE_AGENT_MANAGEMENT'] },
    'GuardDuty.13': { features: ['RUNTIME_MONITORING', 'RUNTIME_MONITORING:EC2_AGENT_MANAGEMENT'] },
  },
  clients: { guardduty: GuardDutyClient },
  gone: ['BadRequestException'],

  async inspect({ guardduty }, { target: { id } }) {
    const { Features = [], Status } = await guardduty.send(new GetDetectorCommand({ DetectorId: id }));
    const on: string[] = Features.filter((one) => one.Status === 'ENABLED').flatMap((one) => [
      one.Name ?? '',
      ...(one.AdditionalConfiguration ?? [])
        .filter((part) => part.Status === 'ENABLED')
        .map((part) => `${one.Name}:${part.Name}`),
    ]);
    const is = FEATURES.filter((feature) => on.includes(feature));
    return { is, suspended: Status !== 'ENABLED', eks: on.includes('EKS_RUNTIME_MONITORING') };
  },
  want: ({ features }) => includes(features),
  says: ({ is }, { params }) =>
    `GuardDuty runs without ${params.features.filter((feature) => !is.includes(feature)).join(', ')}`,
  obstacle({ suspended, eks }, { params: { features } }) {
    if (suspended) return { notApplicable: 'the detector is suspended' };
    return eks && features.some((feature) => feature.startsWith('RUNTIME'))
      ? { held: 'EKS Runtime Monitoring is on, which Runtime Monitoring replaces: turn it off first' }
      : undefined;
  },
  write: (value, { target }, { is }) => ({
    guardduty: new UpdateDetectorCommand({ DetectorId: target.id, Features: changes(is, value) }),
  }),
});

/** Those that differ, each part within the plan that it belongs to. */
function changes(is: readonly Feature[], wanted: readonly Feature[]): DetectorFeatureConfiguration[] {
  const differs = FEATURES.filter((feature) => is.includes(feature) !== wanted.includes(feature));
  const status = (feature: string) => (wanted.some((one) => one === feature) ? 'ENABLED' : 'DISABLED');
  const plans = [...new Set(differs.map((feature) => feature.split(':')[0] ?? feature))];
  return plans.map((plan) => {
    const parts = differs.filter((feature) => feature.startsWith(`${plan}:`));
    const more = parts.map((part) => ({ Name: part.slice(plan.length + 1), Status: status(part) }));
    return {
      ...{ Name: plan, Status: status(plan) },
      ...(more.length > 0 && { AdditionalConfiguration: more }),
    } as DetectorFeatureConfiguration;
  });
}
