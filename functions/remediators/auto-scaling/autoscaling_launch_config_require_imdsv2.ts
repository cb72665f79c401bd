import {
  LAUNCH_CONFIGURATION,
  type Settings,
  bringBack,
  foreignCopy,
  readPair,
  replace,
} from './lib/launch-configurations';
import { defineBot } from '../../../shared/bot/bot';

const ENDING = 'imdsv2';

export const bot = defineBot({
  id: 'autoscaling_launch_config_require_imdsv2',
  title: 'Require IMDSv2 of the instances of a launch configuration',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  ...LAUNCH_CONFIGURATION,

  inspect: ({ autoscaling }, { target: { id } }) => readPair(autoscaling, id, ENDING),

  check: ({ own }) =>
    own === undefined || isRight(own)
      ? undefined
      : 'its instances answer requests for metadata without a token: require IMDSv2',

  plan: (pair, { target: { id } }) =>
    foreignCopy(pair, id, ENDING, isRight) ??
    replace(pair, id, ENDING, { MetadataOptions: { ...pair.own?.MetadataOptions, HttpTokens: 'required' } }),

  undo: ({ own }, { target: { id }, now }) =>
    own && !now.own ? bringBack(now, id, ENDING, { MetadataOptions: own.MetadataOptions }) : [],

  footprint: ({ own, groups }) => ({ hasOwn: own !== undefined, groups: groups.own }),
});

function isRight({ MetadataOptions }: Settings): boolean {
  return MetadataOptions?.HttpTokens === 'required';
}
