import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';

/** Whether an alarm of CloudWatch tells the topic; the topic's policy does not name it. Reads `cloudwatch:DescribeAlarms`. */
export async function isToldByAlarms(client: CloudWatchClient, topic: string): Promise<boolean> {
  const AlarmTypes = ['MetricAlarm' as const, 'CompositeAlarm' as const];
  const input = { ActionPrefix: topic, AlarmTypes, MaxRecords: 100 };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, input)) {
    // The topic whose name is longer is another.
    const tells = [...MetricAlarms, ...CompositeAlarms].some((alarm) =>
      [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions].some((to) => to?.includes(topic)),
    );
    if (tells) return true;
  }
  return false;
}
