import {
  type CloudTrailClient,
  type LookupAttributeKey,
  paginateLookupEvents,
} from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

/** A change that CloudTrail recorded, and that was carried out. */
export interface TrailEvent {
  readonly id: string;
  /** The operation: `AddUserToGroup`. */
  readonly name: string;
  /** ISO. */
  readonly time: string;
  /** The name of the role, or the ARN of whoever else made it. */
  readonly by: string;
  /** The ARN of the role whose session made it, or of whoever else did; empty: it is not recorded. */
  readonly arn: string;
  /** What was asked for. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** What to look for. */
export interface Lookup {
  readonly by: { readonly key: LookupAttributeKey; readonly value: string };
  /** Only these operations; absent: all that change something. */
  readonly names?: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

// Source: CloudTrail User Guide, record contents.
const recordSchema = z.looseObject({
  errorCode: z.string().optional(),
  readOnly: z.boolean().optional(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
  userIdentity: z
    .looseObject({
      arn: z.string().optional(),
      sessionContext: z
        .looseObject({
          sessionIssuer: z
            .looseObject({ userName: z.string().optional(), arn: z.string().optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Looks a change up (`cloudtrail:LookupEvents`) in one region, the latest first. An event may come 15 minutes late. */
export async function eventsIn(
  client: CloudTrailClient,
  { by, names, from, to }: Lookup,
): Promise<TrailEvent[]> {
  const input = {
    LookupAttributes: [{ AttributeKey: by.key, AttributeValue: by.value }],
    ...{ StartTime: from, EndTime: to },
  };
  const found: TrailEvent[] = [];
  for await (const { Events = [] } of paginateLookupEvents({ client }, input)) {
    for (const { EventId: id = '', EventName: name = '', EventTime, CloudTrailEvent = '{}' } of Events) {
      const record = recordSchema.safeParse(JSON.parse(CloudTrailEvent)).data;
      if (!record || record.errorCode !== undefined) continue;
      if (names ? !names.includes(name) : record.readOnly === true) continue;
      const { sessionContext, arn = '' } = record.userIdentity ?? {};
      found.push({
        ...{ id, name, time: (EventTime ?? new Date(0)).toISOString() },
        by: sessionContext?.sessionIssuer?.userName ?? arn,
        arn: sessionContext?.sessionIssuer?.arn ?? arn,
        request: record.requestParameters ?? {},
      });
    }
  }
  return found.sort((one, other) => other.time.localeCompare(one.time));
}
