import * as z from 'zod';
import { resourceOf } from '../../../shared/resources/arn';
import { typeNamed } from '../../../shared/resources/types';
import { placed } from '../arn';
import { type Named, routed } from '../routing';
import { misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

/** What is read of a change of compliance. Source: AWS Config, example compliance change notification. */
const changeSchema = z.object({
  awsAccountId: z.string(),
  awsRegion: text,
  configRuleName: z.string().min(1).max(128),
  resourceType: z.string(),
  resourceId: z.string(),
  newEvaluationResult: z
    .object({ complianceType: text, resultRecordedTime: text, annotation: text })
    .nullish(),
  notificationCreationTime: text,
});
const eventSchema = z.object({ detail: changeSchema });

const DETAIL_TYPE = 'Config Rules Compliance Change';

/** Managed rules that are not called by their identifier. Source: the rules' pages in AWS Config's guide. */
const IDENTIFIERS = new Map([
  ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
  ['restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC'],
  ['cloudtrail-enabled', 'CLOUD_TRAIL_ENABLED'],
  ['multi-region-cloudtrail-enabled', 'MULTI_REGION_CLOUD_TRAIL_ENABLED'],
  ['ec2-instances-in-vpc', 'INSTANCES_IN_VPC'],
  ['ec2-instance-managed-by-systems-manager', 'EC2_INSTANCE_MANAGED_BY_SSM'],
  // Control Tower's own name for it.
  ['s3-versioning-enabled', 'S3_BUCKET_VERSIONING_ENABLED'],
]);

/** Names of rules that Security Hub, the organisation, conformance packs and Control Tower make out of another's. */
const DERIVED = [
  /^securityhub-(.+)-[a-z0-9]+$/,
  /^OrgConfigRule-(.+)-[a-z0-9]+$/,
  /^(.+)-conformance-pack-[a-z0-9]+$/,
  /^AWSControlTower_AWS-GR_(.+)$/,
];

/**
 * Compliance changes of AWS Config: events, and messages of the delivery channel's topic. They carry no parameters of
 * the rule: bots act with their own.
 */
export const config: Source = {
  name: 'config',
  eventPattern: {
    source: ['aws.config'],
    'detail-type': [DETAIL_TYPE],
    detail: {
      configRuleName: [{ 'anything-but': { prefix: 'selfheal-' } }],
      newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
    },
  },

  accepts: (message) => isEvent(message) || ('configRuleName' in message && 'newEvaluationResult' in message),

  read(message, intake): Reading[] {
    const parsed = isEvent(message) ? eventSchema.safeParse(message) : changeSchema.safeParse(message);
    if (!parsed.success) return misshapen('a compliance change of AWS Config', parsed.error);
    const change = 'detail' in parsed.data ? parsed.data.detail : parsed.data;
    const { configRuleName: rule, resourceType: type, resourceId: id, newEvaluationResult: result } = change;
    if (result?.complianceType !== 'NON_COMPLIANT') {
      const verdict = result?.complianceType ?? 'absent';
      return [{ declined: `the verdict is ${verdict}; only NON_COMPLIANT asks for a repair` }];
    }
    if (rule.startsWith('selfheal-')) {
      return [{ declined: `${rule} is a rule of selfheal: its own function asks for the repair` }];
    }
    const name = nameOf(rule);
    const plain = name.toLowerCase().replaceAll('_', '-');
    const identifier = IDENTIFIERS.get(plain) ?? plain.toUpperCase().replaceAll('-', '_');
    return routed(
      {
        source: 'config',
        id: `${rule}/${type}/${id}`,
        time: timeOf(change.notificationCreationTime, result.resultRecordedTime) ?? intake.sentAt,
        title: result.annotation ?? `not compliant with ${rule}`,
        account: change.awsAccountId,
        region: change.awsRegion,
        resources: resourcesOf(type, id),
        keys: [...new Set([rule, name, identifier])],
        controls: { standard: 'config', ids: [identifier] },
      },
      intake,
    );
  },
};

function isEvent(message: object): boolean {
  return (
    'source' in message &&
    message.source === 'aws.config' &&
    'detail-type' in message &&
    message['detail-type'] === DETAIL_TYPE
  );
}

/** What a verdict is about. */
function resourcesOf(type: string, id: string): Named[] {
  const row = typeNamed(type);
  const resource = resourceOf(id);
  return [resource?.type === row?.type && resource ? placed(resource) : { type: row?.type ?? type, id }];
}

/** The name of the rule that this one is made of. */
function nameOf(rule: string): string {
  return DERIVED.map((pattern) => pattern.exec(rule)?.[1]).find((name) => name !== undefined) ?? rule;
}
