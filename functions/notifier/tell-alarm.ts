import * as z from 'zod';
import { context, fields, header, prose } from './blocks';
import { moment, mrkdwn } from './escape';
import { type Place, accountText } from './place';
import { lineOf, type Severity, type Summary, type Telling } from './summary';

/**
 * The message that a CloudWatch alarm publishes to a topic.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().nullish(),
  AWSAccountId: z.string().nullish(),
  NewStateValue: z.string(),
  NewStateReason: z.string().nullish(),
  StateChangeTime: z.string().nullish(),
  Region: z.string().nullish(),
  /** Composite alarms and metric math have none of this form. */
  Trigger: z
    .object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    })
    .optional()
    .catch(undefined),
});

/** See {@link alarmSchema}. */
export type Alarm = z.infer<typeof alarmSchema>;

/** The alarms of Defendable Design for AWS; an alarm of another name is of medium severity. */
const ALARM_SEVERITIES: readonly (readonly [string, Severity])[] = [
  ['Unauthorized_API_Calls', 'medium'],
  ['Console_Sign_In_Without_MFA', 'high'],
  ['Root_Account_Usage', 'critical'],
  ['IAM_Policy_Changes', 'high'],
  ['CloudTrail_Config_Changes', 'medium'],
  ['Console_Sign_In_Failures', 'medium'],
  ['Disable_Delete_CMK', 'info'],
  ['S3_Bucket_Policy_Changes', 'medium'],
  ['AWS_Config_Changes', 'high'],
  ['Security_Group_Changes', 'medium'],
  ['NACL_Changes', 'medium'],
  ['Network_Gateway_Changes', 'medium'],
  ['Route_Table_Changes', 'medium'],
  ['VPC_Changes', 'medium'],
];

/** Going back to OK, or having too little data, is no news. */
export function isRinging({ NewStateValue }: Alarm): boolean {
  return NewStateValue === 'ALARM';
}

/** A CloudWatch alarm that rings: one of CloudTrail's, or that of our own dead-letter queue. */
export function tellAlarm(alarm: Alarm, place: Place): Telling {
  const name = alarm.AlarmName.replace(/^DD_BP_Alarm_/, '');
  const summary: Summary = {
    emoji: mrkdwn`🚨`,
    word: 'Alarm',
    by: name,
    severity: severityOfAlarm(name),
    open: true,
    account: alarm.AWSAccountId ? accountText(place, alarm.AWSAccountId) : undefined,
    accountId: alarm.AWSAccountId ?? undefined,
    region: alarm.Region ?? undefined,
    sentence: alarm.NewStateReason ?? alarm.AlarmDescription ?? undefined,
  };
  return {
    summary,
    message: () => ({
      text: lineOf(summary, 1500),
      blocks: [
        header(`${summary.emoji} Alarm: ${name}`),
        ...(alarm.AlarmDescription ? [prose(alarm.AlarmDescription)] : []),
        ...(alarm.NewStateReason ? [prose(alarm.NewStateReason)] : []),
        fields([
          [mrkdwn`Alarm Name`, name],
          [mrkdwn`Account`, summary.account],
          [mrkdwn`Region`, alarm.Region],
          [mrkdwn`Priority`, summary.severity],
          [mrkdwn`Metric`, metricOf(alarm)],
        ]),
        context(mrkdwn`CloudWatch ${moment(alarm.StateChangeTime ?? '')}`),
      ],
    }),
  };
}

/** By the alarm's name; of one that is not known, medium. */
export function severityOfAlarm(name: string): Severity {
  return ALARM_SEVERITIES.find(([known]) => name.endsWith(known))?.[1] ?? 'medium';
}

function metricOf({ Trigger }: Alarm): string | undefined {
  if (!Trigger) return undefined;
  const dimensions = Trigger.Dimensions.map(({ name, value }) => `${name}=${value}`);
  return [`${Trigger.Namespace} ${Trigger.MetricName}`, ...dimensions].join(' ');
}
