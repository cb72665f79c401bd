import * as z from 'zod';
import { context, fields, header, prose } from './blocks';
import { moment, mrkdwn } from './escape';
import { type Place, accountText } from './place';
import { lineOf, type Summary, type Telling } from './summary';

const resultSchema = z.object({
  complianceType: z.string(),
  resultRecordedTime: z.string().nullish(),
  /** Managed rules send `null`. */
  annotation: z.string().nullish(),
});

/**
 * AWS Config's change of compliance: the message of its delivery channel's topic, and the `detail` of the
 * EventBridge event "Config Rules Compliance Change", which have the same fields.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/example-config-rule-compliance-notification.html
 */
export const complianceSchema = z.object({
  messageType: z.literal('ComplianceChangeNotification'),
  awsAccountId: z.string(),
  awsRegion: z.string(),
  configRuleName: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  newEvaluationResult: resultSchema.nullish(),
  oldEvaluationResult: resultSchema.nullish(),
  notificationCreationTime: z.string().nullish(),
});

/** See {@link complianceSchema}. */
export type ComplianceChange = z.infer<typeof complianceSchema>;

/** A change is news; the first verdict on a resource only when it is bad. */
export function isChange({ newEvaluationResult, oldEvaluationResult }: ComplianceChange): boolean {
  const now = newEvaluationResult?.complianceType;
  const then = oldEvaluationResult?.complianceType;
  return then === undefined ? now === 'NON_COMPLIANT' : now !== then;
}

/** A Config rule that judges a resource otherwise than before. */
export function tellCompliance(change: ComplianceChange, place: Place): Telling {
  const { newEvaluationResult: now, oldEvaluationResult: then } = change;
  const rule = change.configRuleName.replace(/^DD_Config_/, '');
  const status = statusOf(now?.complianceType);
  const summary: Summary = {
    ...lookOf(now?.complianceType),
    word: status,
    by: rule,
    resource: change.resourceId,
    account: accountText(place, change.awsAccountId),
    accountId: change.awsAccountId,
    region: change.awsRegion,
    sentence: now?.annotation ?? undefined,
  };
  return {
    summary,
    message: () => ({
      text: lineOf(summary, 1500),
      blocks: [
        header(`${summary.emoji} Config rule state change: ${rule} is ${status}`),
        ...(now?.annotation ? [prose(now.annotation)] : []),
        fields([
          [mrkdwn`Rule Name`, rule],
          [mrkdwn`Account`, summary.account],
          [mrkdwn`Region`, change.awsRegion],
          [mrkdwn`Resource Type`, change.resourceType],
          [mrkdwn`Resource ID`, change.resourceId],
          [mrkdwn`New Status`, status],
          [mrkdwn`Old Status`, statusOf(then?.complianceType)],
        ]),
        context(
          mrkdwn`AWS Config ${moment(now?.resultRecordedTime ?? change.notificationCreationTime ?? '')}`,
        ),
      ],
    }),
  };
}

function lookOf(type: string | undefined): Pick<Summary, 'emoji' | 'severity' | 'open'> {
  if (type === 'NON_COMPLIANT') return { emoji: mrkdwn`🔴`, severity: 'medium', open: true };
  return { emoji: type === 'COMPLIANT' ? mrkdwn`🟢` : mrkdwn`⚪`, severity: 'low', open: false };
}

/** `NON_COMPLIANT` becomes `Non Compliant`. */
function statusOf(type: string | undefined): string {
  if (!type) return 'Not recorded';
  return type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join(' ');
}
