import * as z from 'zod';
import { named, placed } from '../arn';
import { type Named, routed } from '../routing';
import { list, misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

/** What is read of a finding. Source: Inspector, EventBridge event schema. */
const eventSchema = z.object({
  region: text,
  time: text,
  detail: z.object({
    findingArn: z.string().min(1),
    awsAccountId: z.string(),
    status: text,
    type: z.string().min(1),
    title: text,
    severity: text,
    inspectorScore: z.number().nullish(),
    resources: list(z.object({ id: text, type: text, region: text })),
    networkReachabilityDetails: z
      .object({
        networkPath: z
          .object({ steps: list(z.object({ componentId: text, componentType: text })) })
          .nullish(),
      })
      .nullish(),
  }),
});
type Finding = z.infer<typeof eventSchema>['detail'];

const DETAIL_TYPE = 'Inspector2 Finding';

const SEVERITIES = new Map([
  ['INFORMATIONAL', 1],
  ['LOW', 3],
  ['MEDIUM', 5],
  ['HIGH', 8],
  ['CRITICAL', 10],
]);

/** Inspector, above all on what the internet reaches; routes name its findings by type or by title. */
export const inspector: Source = {
  name: 'inspector',
  eventPattern: { source: ['aws.inspector2'], 'detail-type': [DETAIL_TYPE], detail: { status: ['ACTIVE'] } },

  accepts: (message) =>
    'source' in message &&
    message.source === 'aws.inspector2' &&
    'detail-type' in message &&
    message['detail-type'] === DETAIL_TYPE,

  read(message, intake): Reading[] {
    const parsed = eventSchema.safeParse(message);
    if (!parsed.success) return misshapen('a finding of Inspector', parsed.error);
    const { region, time, detail } = parsed.data;
    const { status, type, title } = detail;
    if (status !== 'ACTIVE') {
      return [{ declined: `the finding's status is ${status ?? 'absent'}; only ACTIVE asks for a repair` }];
    }
    const severity = detail.inspectorScore ?? SEVERITIES.get(detail.severity ?? '');
    return routed(
      {
        source: 'inspector',
        id: detail.findingArn,
        // The finding's own times are written for people, in more than one way.
        time: timeOf(time) ?? intake.sentAt,
        ...(title !== undefined && { title }),
        account: detail.awsAccountId,
        region: detail.resources[0]?.region ?? region,
        resources: resourcesOf(detail),
        keys: title === undefined ? [type] : [type, title],
        ...(severity !== undefined && { severity }),
      },
      intake,
    );
  },
};

/** The resource, and what lies on the way to it: the security group that lets the traffic in. */
function resourcesOf({ resources, networkReachabilityDetails }: Finding): Named[] {
  const targets = resources.flatMap(({ id, type, region }) => {
    const resource = named(type, id);
    return resource ? [placed(resource, { region })] : [];
  });
  const steps = networkReachabilityDetails?.networkPath?.steps ?? [];
  const path = steps.map(({ componentId, componentType }) => ({ type: componentType, id: componentId }));
  return [
    ...targets,
    ...path.flatMap(({ type, id }) => (type === undefined || id === undefined ? [] : [{ type, id }])),
  ];
}
