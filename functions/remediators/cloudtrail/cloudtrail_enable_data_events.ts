import {
  type AdvancedEventSelector,
  CloudTrailClient,
  type EventSelector,
  PutEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { type Selectors, findHome, isForAllRegions, isOwn, selectorsOf, trailsOf } from './lib/trails';

const OBJECTS = 'AWS::S3::Object';
/** Event selectors that a trail takes. Source: CloudTrail User Guide, quotas. */
const MOST = 5;
type Kind = 'All' | 'ReadOnly' | 'WriteOnly';

export const bot = defineBot({
  id: 'cloudtrail_enable_data_events',
  title: 'Record what is done with the objects of S3',
  resource: 'AWS::::Account',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    readWrite: z
      .enum(['All', 'ReadOnly', 'WriteOnly'])
      .default('All')
      .describe('which events of all objects are recorded; each is paid for'),
  }),
  from: { readWrite: 'config' },
  words: { order: ['readWrite'] },
  permissions: {
    read: ['cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors'],
    write: ['cloudtrail:PutEventSelectors'],
  },
  finder: findHome(({ HasCustomEventSelectors = false }) => HasCustomEventSelectors),
  clients: { cloudtrail: CloudTrailClient },

  async inspect({ cloudtrail }, { target, params: { readWrite } }): Promise<State> {
    const trails = (await trailsOf(cloudtrail)).filter(
      (trail) => isForAllRegions(trail) && isOwn(trail, target) && trail.HomeRegion === target.region,
    );
    const states: State[] = [];
    for (const { Name: trail = '' } of trails) {
      const state = { trail, selectors: await selectorsOf(cloudtrail, trail) };
      if (records(state.selectors, readWrite)) return state;
      states.push(state);
    }
    return states[0] ?? { selectors: {} };
  },

  check: ({ selectors }, { params: { readWrite } }) =>
    records(selectors, readWrite)
      ? undefined
      : `no trail of all regions records ${readWrite === 'All' ? 'reads and writes' : readWrite} of the objects of S3`,

  plan({ trail: TrailName, selectors: { basic = [], advanced } }, { target, params: { readWrite } }) {
    if (TrailName === undefined) {
      return { held: 'the account has no trail of all regions of its own: cloudtrail_enable makes one' };
    }
    if (!advanced && basic.length >= MOST)
      return { held: `the trail ${TrailName} has ${MOST} event selectors, as many as it takes: join two` };
    const selectors = advanced
      ? { advanced: [...advanced, advancedFor(readWrite)] }
      : { basic: [...basic, basicFor(readWrite, target)] };
    return [{ cloudtrail: put(TrailName, selectors) }];
  },

  undo: ({ trail: TrailName = '', selectors }) => [{ cloudtrail: put(TrailName, selectors) }],
});

interface State {
  /** The account's trail of all regions. */
  readonly trail?: string;
  readonly selectors: Selectors;
}

function put(TrailName: string, { basic, advanced }: Selectors): PutEventSelectorsCommand {
  return new PutEventSelectorsCommand({
    TrailName,
    ...(basic && { EventSelectors: [...basic] }),
    ...(advanced && { AdvancedEventSelectors: advanced }),
  });
}

/** Management events are another selector's. */
function basicFor(ReadWriteType: Kind, { region }: Target): EventSelector {
  const DataResources = [{ Type: OBJECTS, Values: [`arn:${partitionOf(region)}:s3`] }];
  return { ReadWriteType, IncludeManagementEvents: false, DataResources };
}

function advancedFor(kind: Kind): AdvancedEventSelector {
  return {
    Name: `selfheal: objects of S3, ${kind}`,
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: [OBJECTS] },
      ...(kind === 'All' ? [] : [{ Field: 'readOnly', Equals: [String(kind === 'ReadOnly')] }]),
    ],
  };
}

/** Whether these events of all objects are recorded. */
function records({ basic = [], advanced = [] }: Selectors, wanted: Kind): boolean {
  const kinds = [
    ...basic.filter(isOfAllObjects).map(({ ReadWriteType }) => ReadWriteType ?? 'All'),
    ...advanced.map(kindOf),
  ];
  const parts = wanted === 'All' ? (['ReadOnly', 'WriteOnly'] as const) : [wanted];
  return kinds.includes('All') || parts.every((part) => kinds.includes(part));
}

function isOfAllObjects({ DataResources = [] }: EventSelector): boolean {
  return DataResources.some(
    ({ Type, Values = [] }) => Type === OBJECTS && Values.some((arn) => /^arn:[a-z-]+:s3(:::)?$/.test(arn)),
  );
}

/** Which events of all objects an advanced selector is about; `undefined`: it is about others, or about some. */
function kindOf({ FieldSelectors = [] }: AdvancedEventSelector): Kind | undefined {
  const fields = new Map(FieldSelectors.map(({ Field, Equals = [] }) => [Field, Equals]));
  const [readOnly] = fields.get('readOnly') ?? [];
  const known = ['eventCategory', 'resources.type', 'readOnly'];
  const isAll = [...fields.keys()].every((field) => field !== undefined && known.includes(field));
  if (!isAll || !fields.get('resources.type')?.includes(OBJECTS)) return undefined;
  if (readOnly === undefined) return 'All';
  return readOnly === 'true' ? 'ReadOnly' : 'WriteOnly';
}
