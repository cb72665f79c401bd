import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';

/** What CreateDetector turns on by itself unless it is told not to. Source: GuardDuty API, CreateDetector. */
const PLANS = [
  'S3_DATA_EVENTS',
  'EKS_AUDIT_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
] as const;

export const bot = defineBot({
  id: 'guardduty_enable',
  title: 'Turn on GuardDuty in a region',
  resource: 'AWS::::Region',
  severity: 'high',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    features: z
      .array(z.enum(PLANS))
      .default(['S3_DATA_EVENTS'])
      .describe('protection plans that a new detector has; each is paid for'),
  }),
  from: { features: 'config' },
  words: { order: ['features'] },
  permissions: {
    read: ['guardduty:ListDetectors', 'guardduty:GetDetector', 'guardduty:GetAdministratorAccount'],
    write: ['guardduty:CreateDetector', 'guardduty:UpdateDetector', 'iam:CreateServiceLinkedRole'],
    undo: ['guardduty:DeleteDetector', 'guardduty:UpdateDetector'],
    only: { 'iam:CreateServiceLinkedRole': 'role/aws-service-role/*guardduty.amazonaws.com/*' },
  },
  clients: { guardduty: GuardDutyClient },

  async inspect({ guardduty }): Promise<{ detector?: Detector }> {
    const { DetectorIds: [id] = [] } = await guardduty.send(new ListDetectorsCommand({}));
    if (id === undefined) return {};
    const { Status } = await guardduty.send(new GetDetectorCommand({ DetectorId: id }));
    if (Status === 'ENABLED') return { detector: { id, on: true } };
    const { Administrator } = await guardduty.send(new GetAdministratorAccountCommand({ DetectorId: id }));
    const administrator = Administrator?.AccountId;
    return { detector: { id, on: false, ...(administrator && { administrator }) } };
  },

  check({ detector }) {
    if (detector?.on) return undefined;
    return detector ? 'GuardDuty is suspended in the region' : 'GuardDuty is not on in the region';
  },

  plan({ detector }, { params: { features } }) {
    if (detector?.administrator !== undefined) {
      return {
        held: `the account ${detector.administrator} administers GuardDuty here: turn it on from there`,
      };
    }
    if (detector)
      return [{ guardduty: new UpdateDetectorCommand({ DetectorId: detector.id, Enable: true }) }];
    const Features = PLANS.map((Name) => ({
      Name,
      Status: features.includes(Name) ? ('ENABLED' as const) : ('DISABLED' as const),
    }));
    return [{ guardduty: new CreateDetectorCommand({ Enable: true, Features }) }];
  },

  undo({ detector: before }, { now: { detector } }) {
    if (!detector) return [];
    const DetectorId = detector.id;
    return [
      {
        guardduty: before
          ? new UpdateDetectorCommand({ DetectorId, Enable: false })
          : new DeleteDetectorCommand({ DetectorId }),
      },
    ];
  },
});

interface Detector {
  readonly id: string;
  readonly on: boolean;
  /** The account that administers GuardDuty for this one, read while it is off. */
  readonly administrator?: string;
}
