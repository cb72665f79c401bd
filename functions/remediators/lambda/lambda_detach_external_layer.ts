import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { FUNCTION, untouchableFunction } from './lib/functions';
import { type LayerChange, layersBefore, layersSet } from './lib/layers';
import { defineBot } from '../../../shared/bot/bot';

const MINUTE_MS = 60_000;

const params = z.object({
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'must be the id of an account'))
    .default([])
    .describe('accounts whose layers stay, beside the one of the function'),
  eventTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the layer was added, give or take 15 minutes; not given: in the hours before now'),
  hours: z.int().min(1).max(168).default(24).describe('how far back the change is looked for'),
  all: z
    .boolean()
    .default(false)
    .describe(
      'all layers of other accounts, whoever added them: extensions of AWS come from its own accounts',
    ),
});
type Params = z.output<typeof params>;

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_detach_external_layer',
  title: 'Take layers of other accounts off a Lambda function',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { accounts: 'config', eventTime: 'finding', hours: 'config', all: 'config' },
  permissions: {
    read: ['lambda:GetFunctionConfiguration', 'cloudtrail:LookupEvents', 'config:GetResourceConfigHistory'],
    write: ['lambda:UpdateFunctionConfiguration', 'lambda:GetLayerVersion'],
  },
  clients: { lambda: LambdaClient, cloudtrail: CloudTrailClient, config: ConfigServiceClient },

  async inspect({ lambda, cloudtrail, config }, { target, params: given }): Promise<State> {
    const reply = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: target.id }));
    const layers = (reply.Layers ?? []).map(({ Arn = '' }) => Arn);
    const state = {
      layers,
      isBusy: reply.State === 'Pending' || reply.LastUpdateStatus === 'InProgress',
      ...(reply.RevisionId !== undefined && { revision: reply.RevisionId }),
    };
    const own = [target.account, ...given.accounts];
    const foreign = layers.filter((arn) => !own.includes(arn.split(':')[4] ?? ''));
    if (foreign.length === 0 || given.all) return { ...state, foreign };
    const changes = await layersSet(cloudtrail, target.id, ...windowOf(given));
    const [change] = changes;
    if (!change) return { ...state, foreign, isUnknown: 'by whom' };
    const before = changes[1]?.layers ?? (await layersBefore(config, target.id, change));
    if (!before) return { ...state, foreign, change, isUnknown: 'to what' };
    const added = foreign.filter((arn) => change.layers.includes(arn) && !before.includes(arn));
    return { ...state, foreign: added, change };
  },

  check({ foreign, change }) {
    if (foreign.length === 0) return undefined;
    const by = change ? `, set by ${change.by} at ${change.time}` : '';
    return `the function runs layers of other accounts: ${foreign.join(', ')}${by}`;
  },

  plan({ layers, foreign, isBusy, isUnknown, revision }, { target: { id } }) {
    const held = untouchableFunction(id);
    if (held !== undefined) return { held };
    if (isUnknown === 'by whom') return { waiting: 'CloudTrail has no change of its layers in that time' };
    if (isUnknown === 'to what')
      return {
        held: 'neither AWS Config nor CloudTrail knows which layers it had before: say all=true if all go',
      };
    if (isBusy) return { waiting: 'Lambda is still changing the function' };
    return [
      update(
        id,
        layers.filter((arn) => !foreign.includes(arn)),
        revision,
      ),
    ];
  },

  undo({ layers, foreign }, { target: { id }, now }) {
    if (now.layers.join() === layers.join()) return [];
    const left = layers.filter((arn) => !foreign.includes(arn));
    if (now.layers.join() !== left.join())
      return { irreversible: 'its layers have been changed since: put them right by hand' };
    return [update(id, layers, now.revision)];
  },

  footprint: ({ layers }) => ({ layers }),
});

interface State {
  /** ARNs of the versions of all its layers, in their order. */
  readonly layers: readonly string[];
  /** Those of them that are to go. */
  readonly foreign: readonly string[];
  /** Lambda takes no change now. */
  readonly isBusy: boolean;
  readonly revision?: string;
  /** What set the layers last. */
  readonly change?: LayerChange;
  /** What is not known of how they came. */
  readonly isUnknown?: 'by whom' | 'to what';
}

function update(FunctionName: string, layers: readonly string[], revision: string | undefined) {
  const RevisionId = revision !== undefined && { RevisionId: revision };
  return {
    lambda: new UpdateFunctionConfigurationCommand({ FunctionName, Layers: [...layers], ...RevisionId }),
  };
}

function windowOf({ eventTime, hours }: Params): [Date, Date] {
  const now = Date.now();
  if (eventTime === undefined) return [new Date(now - hours * 60 * MINUTE_MS), new Date(now)];
  const at = Date.parse(eventTime);
  return [new Date(at - 15 * MINUTE_MS), new Date(at + 15 * MINUTE_MS)];
}
