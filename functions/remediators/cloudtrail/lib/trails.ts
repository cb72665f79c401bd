import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type EventSelector,
  type GetEventSelectorsResponse,
  GetTrailCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import type { Finder } from '../../../../shared/bot/bot';
import type { Target } from '../../../../shared/resources/target';

/**
 * A trail can be changed in its home region and by the account that owns it alone: every other region has a replica of
 * one of all regions, and members have one of their organization's. Source: CloudTrail API, UpdateTrail.
 */
const findTrail: Finder<{ cloudtrail: typeof CloudTrailClient }> = {
  actions: ['cloudtrail:DescribeTrails'],
  async find({ cloudtrail }, target) {
    const named = (await trailsOf(cloudtrail)).filter(({ Name }) => Name === target.id);
    const own = named.find((trail) => isOwn(trail, target));
    if (own) return { ...target, region: own.HomeRegion ?? target.region };
    const [other] = named;
    return other
      ? { held: `the trail belongs to the organization: change it in the account ${ownerOf(other)}` }
      : undefined;
  },
};

/** What all bots of one trail share. */
export const TRAIL = {
  resource: 'AWS::CloudTrail::Trail',
  clients: { cloudtrail: CloudTrailClient },
  gone: ['TrailNotFoundException'],
  finder: findTrail,
} as const;

/** The trail, in its home region; throws `TrailNotFoundException` where there is none. */
export async function trailOf(client: CloudTrailClient, { id }: Target): Promise<Trail> {
  const { Trail: trail } = await client.send(new GetTrailCommand({ Name: id }));
  return trail ?? {};
}

/** Every trail that records in this region: replicas, and those of the organization among them. */
export async function trailsOf(client: CloudTrailClient): Promise<Trail[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({}));
  return trailList.toSorted((one, other) => (one.Name ?? '').localeCompare(other.Name ?? ''));
}

/** Whether the account of the target owns the trail. */
export function isOwn(trail: Trail, { account }: Pick<Target, 'account'>): boolean {
  return ownerOf(trail) === account;
}

function ownerOf({ TrailARN = '' }: Trail): string {
  return TrailARN.split(':')[4] ?? '';
}

/** The name of the log group in an ARN of one: `arn:aws:logs:eu-west-1:111122223333:log-group:name:*`. */
export function logGroupIn(arn: string): string {
  return arn.split(':')[6] ?? '';
}

/**
 * Finds the home region of the trail of all regions by which an account is judged: with `fits` those that fit best come
 * first. Where there is none, the region stays.
 */
export function findHome(fits: (trail: Trail) => boolean): Finder<{ cloudtrail: typeof CloudTrailClient }> {
  return {
    actions: ['cloudtrail:DescribeTrails'],
    async find({ cloudtrail }, target) {
      const trails = await trailsOf(cloudtrail);
      const own = trails.filter((trail) => isOwn(trail, target));
      const best = own.find((trail) => trail.IsMultiRegionTrail && fits(trail)) ?? own.find(isForAllRegions);
      return { ...target, region: best?.HomeRegion ?? target.region };
    },
  };
}

/** Whether the trail records in all regions. */
export function isForAllRegions({ IsMultiRegionTrail = false }: Trail): boolean {
  return IsMultiRegionTrail;
}

/** What a trail records; its own default where nobody has said. */
export interface Selectors {
  readonly basic?: readonly EventSelector[];
  readonly advanced?: GetEventSelectorsResponse['AdvancedEventSelectors'];
}

/** A trail of which nothing is said records all management events. Source: CloudTrail API, PutEventSelectors. */
const DEFAULT: Selectors = {
  basic: [
    {
      ReadWriteType: 'All',
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: [],
    },
  ],
};

/** The event selectors of a trail, of the one kind that it has. */
export async function selectorsOf(client: CloudTrailClient, TrailName: string): Promise<Selectors> {
  const found = await client.send(new GetEventSelectorsCommand({ TrailName }));
  if (found.AdvancedEventSelectors?.length) return { advanced: found.AdvancedEventSelectors };
  return found.EventSelectors?.length ? { basic: found.EventSelectors } : DEFAULT;
}

/** Whether all management events are recorded, those that only read and those that write. */
export function recordsManagement({ basic = [], advanced = [] }: Selectors): boolean {
  if (basic.some((one) => one.IncludeManagementEvents !== false && one.ReadWriteType === 'All')) return true;
  return advanced.some(({ FieldSelectors = [] }) =>
    FieldSelectors.every(
      ({ Field, Equals = [] }) => Field === 'eventCategory' && Equals.includes('Management'),
    ),
  );
}
