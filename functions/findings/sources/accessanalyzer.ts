import * as z from 'zod';
import { resourceOf } from '../../../shared/resources/arn';
import { placed } from '../arn';
import { routed } from '../routing';
import { misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

/** What is read of a finding on external access. Source: IAM Access Analyzer, monitoring with EventBridge. */
const eventSchema = z.object({
  time: text,
  detail: z.object({
    id: z.string().min(1),
    status: text,
    isDeleted: z.boolean().nullish(),
    error: text,
    resourceType: z.string().min(1),
    resource: z.string().min(1),
    resourceOwnerAccount: text,
    isPublic: z.boolean().nullish(),
    accountId: z.string(),
    region: text,
    updatedAt: text,
  }),
});
type Finding = z.infer<typeof eventSchema>['detail'];

const DETAIL_TYPE = 'Access Analyzer Finding';

/** IAM Access Analyzer on access from outside; routes name its findings by resource type, `public`, or `<type>/public`. */
export const accessanalyzer: Source = {
  name: 'accessanalyzer',
  eventPattern: {
    source: ['aws.access-analyzer'],
    'detail-type': [DETAIL_TYPE],
    detail: { status: ['ACTIVE'] },
  },

  accepts: (message) =>
    'source' in message &&
    message.source === 'aws.access-analyzer' &&
    'detail-type' in message &&
    message['detail-type'] === DETAIL_TYPE,

  read(message, intake): Reading[] {
    const parsed = eventSchema.safeParse(message);
    if (!parsed.success) return misshapen('a finding of IAM Access Analyzer', parsed.error);
    const { time, detail } = parsed.data;
    const declined = reasonAgainst(detail);
    if (declined !== undefined) return [{ declined }];
    const { resourceType, isPublic } = detail;
    const resource = resourceOf(detail.resource);
    return routed(
      {
        source: 'accessanalyzer',
        id: detail.id,
        time: timeOf(detail.updatedAt, time) ?? intake.sentAt,
        title: `${detail.resource} is open to ${isPublic === true ? 'everyone' : 'another account'}`,
        // An organisation's analyzer speaks of the resources of all accounts.
        account: resource?.account ?? detail.resourceOwnerAccount ?? detail.accountId,
        region: resource?.isGlobal ? 'global' : detail.region,
        resources: resource ? [placed(resource)] : [],
        keys: isPublic === true ? [resourceType, 'public', `${resourceType}/public`] : [resourceType],
      },
      intake,
    );
  },
};

function reasonAgainst({ status, isDeleted, error }: Finding): string | undefined {
  if (isDeleted === true) return 'the finding has been deleted';
  if (status !== 'ACTIVE') {
    return `the finding's status is ${status ?? 'absent'}; only ACTIVE asks for a repair`;
  }
  return error === undefined ? undefined : `the resource could not be analysed: ${error}`;
}
