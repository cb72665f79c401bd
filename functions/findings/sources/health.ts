import * as z from 'zod';
import { resourceOf } from '../../../shared/resources/arn';
import { typeOfId } from '../../../shared/resources/types';
import { placed } from '../arn';
import { type Located, routedEach } from '../each';
import { list, misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

/** What is read of an event of AWS Health. Source: AWS Health User Guide, EventBridge schema. */
const eventSchema = z.object({
  'detail-type': text,
  account: text,
  time: text,
  detail: z.object({
    eventArn: z.string().min(1),
    service: text,
    eventTypeCode: z.string().min(1),
    eventTypeCategory: text,
    eventScopeCode: text,
    startTime: text,
    lastUpdatedTime: text,
    statusCode: text,
    eventRegion: text,
    eventDescription: list(z.object({ latestDescription: text })),
    eventMetadata: z.object({ publicKey: text, userName: text }).nullish(),
    affectedEntities: list(z.object({ entityValue: text, status: text, statusCode: text })),
    affectedAccount: text,
  }),
});
type Detail = z.infer<typeof eventSchema>['detail'];

const KINDS = ['AWS Health Event', 'AWS Health Abuse Event'];

/** Events of AWS Health: exposed keys, abuse, what happens to single resources. Routed by event type code. */
export const health: Source = {
  name: 'health',

  accepts: (message) => 'source' in message && message.source === 'aws.health',

  read(message, intake): Reading[] {
    const parsed = eventSchema.safeParse(message);
    if (!parsed.success) return misshapen('an event of AWS Health', parsed.error);
    const { 'detail-type': kind = '', account, time, detail } = parsed.data;
    if (!KINDS.includes(kind))
      return [{ declined: `AWS Health says ${kind || 'nothing'}, which is no event` }];
    if (detail.statusCode === 'closed') return [{ declined: 'the event is closed' }];
    if (detail.eventScopeCode === 'PUBLIC') {
      return [{ declined: 'the event is public: it is about AWS, not about a resource of the account' }];
    }
    const affected = detail.affectedAccount ?? account;
    if (affected === undefined) return [{ unusable: 'not an event of AWS Health: it names no account' }];
    const open = detail.affectedEntities.filter(({ status, statusCode }) => !isOver(status ?? statusCode));
    if (open.length === 0 && detail.affectedEntities.length > 0) {
      return [{ declined: 'all affected entities are resolved' }];
    }
    const [description] = detail.eventDescription;
    const title = description?.latestDescription?.split('\n')[0];
    const said = {
      ...({ source: 'health', id: detail.eventArn, account: affected, region: detail.eventRegion } as const),
      // Backups of the event in another region, and its pages, have the same.
      time: timeOf(detail.lastUpdatedTime, detail.startTime, time) ?? intake.sentAt,
      ...(title !== undefined && { title }),
      keys: [detail.eventTypeCode, ...(detail.eventTypeCategory ? [detail.eventTypeCategory] : [])],
    };
    const values = open.flatMap(({ entityValue }) => entityValue ?? []);
    return routedEach(
      said,
      [...values.flatMap((value) => entity(value, detail)), ...exposed(detail)],
      intake,
    );
  },

  eventPattern: { source: ['aws.health'], 'detail-type': KINDS },
};

function isOver(status: string | undefined): boolean {
  return status === 'RESOLVED' || status === 'UNIMPAIRED';
}

/** An entity is an ARN or an id; those that tell nothing of their type are the service's own. */
function entity(value: string, { service }: Detail): Located[] {
  const resource = resourceOf(value);
  if (resource) return [placed(resource)];
  const type = typeOfId(value)?.type;
  if (type !== undefined) return [{ type, id: value }];
  return service === 'S3' && /^[a-z0-9][a-z0-9.-]{2,62}$/.test(value)
    ? [{ type: 'AWS::S3::Bucket', id: value }]
    : [];
}

/** An exposed key and whose it is stand in the metadata; keys of sessions cannot be switched off. */
function exposed({ eventTypeCode, eventMetadata }: Detail): Located[] {
  if (!eventTypeCode.startsWith('AWS_RISK_')) return [];
  const { publicKey = '', userName = '' } = eventMetadata ?? {};
  return [
    ...(publicKey.startsWith('AKIA') ? [{ type: 'AWS::IAM::AccessKey', id: publicKey }] : []),
    ...(/^[\w+=,.@-]{1,64}$/.test(userName) ? [{ type: 'AWS::IAM::User', id: userName }] : []),
  ];
}
