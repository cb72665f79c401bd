import * as z from 'zod';
import { routed } from '../routing';
import { misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

/** What is read of a finding. Source: Macie, EventBridge event schema; Macie API, Finding. */
const eventSchema = z.object({
  time: text,
  detail: z.object({
    id: z.string().min(1),
    accountId: z.string(),
    region: text,
    type: z.string().min(1),
    category: text,
    title: text,
    severity: z.object({ description: text }).nullish(),
    archived: z.boolean().nullish(),
    sample: z.boolean().nullish(),
    updatedAt: text,
    resourcesAffected: z.object({ s3Bucket: z.object({ name: text }).nullish() }).nullish(),
  }),
});
type Finding = z.infer<typeof eventSchema>['detail'];

const DETAIL_TYPE = 'Macie Finding';

/** Macie's own score is 1 to 3. */
const SEVERITIES = new Map([
  ['Low', 2],
  ['Medium', 5],
  ['High', 8],
]);

/** Macie's policy findings: what is wrong with a bucket. */
export const macie: Source = {
  name: 'macie',
  eventPattern: { source: ['aws.macie'], 'detail-type': [DETAIL_TYPE], detail: { category: ['POLICY'] } },

  accepts: (message) =>
    'source' in message &&
    message.source === 'aws.macie' &&
    'detail-type' in message &&
    message['detail-type'] === DETAIL_TYPE,

  read(message, intake): Reading[] {
    const parsed = eventSchema.safeParse(message);
    if (!parsed.success) return misshapen('a finding of Macie', parsed.error);
    const { time, detail } = parsed.data;
    const declined = reasonAgainst(detail);
    if (declined !== undefined) return [{ declined }];
    const bucket = detail.resourcesAffected?.s3Bucket?.name;
    const severity = SEVERITIES.get(detail.severity?.description ?? '');
    return routed(
      {
        source: 'macie',
        id: detail.id,
        // A finding that occurs again keeps its id.
        time: timeOf(detail.updatedAt, time) ?? intake.sentAt,
        ...(detail.title !== undefined && { title: detail.title }),
        account: detail.accountId,
        region: detail.region,
        resources: bucket === undefined ? [] : [{ type: 'AWS::S3::Bucket', id: bucket }],
        keys: [detail.type],
        ...(severity !== undefined && { severity }),
      },
      intake,
    );
  },
};

function reasonAgainst({ category, archived, sample }: Finding): string | undefined {
  if (sample === true) return 'the finding is a sample';
  if (archived === true) return 'the finding is archived';
  if (category === 'POLICY') return undefined;
  return `the finding's category is ${category ?? 'absent'}; only POLICY asks for a repair`;
}
