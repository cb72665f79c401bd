import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { arnsOf } from '../resources/policy-arn';
import { globalRegionOf } from '../resources/regions';
import { type Target, isGlobal, isSettings, partitionOf } from '../resources/target';
import { log } from './log';

/** How far back CloudTrail is asked who changed a resource. */
const LOOK_BACK_MS = 7 * 86_400_000;

/** Clients of the services that say whose a resource is. */
export const WHOSE_CLIENTS = { tagging: ResourceGroupsTaggingAPIClient, trail: CloudTrailClient };

/**
 * The tags of a resource (`tag:GetResources`); `undefined`: a type that the Resource Groups Tagging API does not know.
 * What has no tags, and never had any, is not in its answer: that is an empty table.
 */
export async function tagsOf(
  client: Pick<ResourceGroupsTaggingAPIClient, 'send'>,
  target: Target,
): Promise<Readonly<Record<string, string>> | undefined> {
  const arn = arnOf(target);
  if (arn === undefined) return undefined;
  const { ResourceTagMappingList = [] } = await client.send(
    new GetResourcesCommand({ ResourceARNList: [arn] }),
  );
  const tags = ResourceTagMappingList.flatMap(({ Tags = [] }) => Tags);
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Users and roles of IAM are not in the API's answers. Source: Resource Groups Tagging API, supported services. */
function arnOf(target: Target): string | undefined {
  if (
    isSettings(target.type) ||
    ['AWS::IAM::User', 'AWS::IAM::Role', 'AWS::IAM::Group'].includes(target.type)
  ) {
    return undefined;
  }
  return arnsOf(target).find((arn) => !arn.includes('*') && !arn.includes('?'));
}

/**
 * Who last changed a resource, by CloudTrail (`cloudtrail:LookupEvents`), in words; `undefined`: it does not say, or not
 * yet, as an event may come 15 minutes late. It never fails: nobody's repair waits for this.
 */
export async function changedBy(
  client: Pick<CloudTrailClient, 'send'>,
  target: Target,
  isOwn: (by: string) => boolean,
  now = Date.now(),
): Promise<string | undefined> {
  try {
    const { Events = [] } = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: nameOf(target) }],
        StartTime: new Date(now - LOOK_BACK_MS),
        EndTime: new Date(now),
      }),
    );
    for (const { ReadOnly, EventName = '', EventTime, Username = '', CloudTrailEvent = '{}' } of Events) {
      const { errorCode, userIdentity } = JSON.parse(CloudTrailEvent) as {
        readonly errorCode?: string;
        readonly userIdentity?: { readonly arn?: string };
      };
      const by = userIdentity?.arn ?? Username;
      if (ReadOnly === 'true' || errorCode !== undefined || by === '' || isOwn(by)) continue;
      return `${by} (${EventName} at ${(EventTime ?? new Date(0)).toISOString()})`;
    }
  } catch (error) {
    log('warn', 'CloudTrail does not say who changed the resource', { target, error: String(error) });
  }
  return undefined;
}

/** By which name CloudTrail knows a resource: the last part of an ARN or a URL, or its id. */
function nameOf({ id }: Target): string {
  return id.startsWith('arn:') || id.includes('://') ? (id.split(/[/:]/).at(-1) ?? id) : id;
}

/** Where a resource's changes are recorded. */
export function trailRegion(target: Target): string {
  return isGlobal(target.type) ? globalRegionOf(partitionOf(target.region)) : target.region;
}
