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
  controls: {
    securityHub: ['AutoScaling.3'],
    config: ['AUTOSCALING_LAUNCHCONFIG_REQUIRES_IMDSV2'],
  },
  docs: {
    why: 'IMDSv1 gives the credentials of the role to whoever can make an instance send one plain request (SSRF).',
    effect: [
      'A copy that differs in this only takes the place of the configuration in its groups, and the configuration is deleted.',
      'Instances that run stay as they are, until their groups replace them.',
      'On new instances, software that only knows IMDSv1 gets no credentials.',
      'Undo makes the configuration again under its name, puts it back into the groups, and deletes the copy.',
    ],
    references: [
      'https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-config.html',
      'https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMetadataOptions.html',
    ],
  },
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
