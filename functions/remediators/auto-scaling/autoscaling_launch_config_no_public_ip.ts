import {
  LAUNCH_CONFIGURATION,
  type Settings,
  bringBack,
  foreignCopy,
  readPair,
  replace,
} from './lib/launch-configurations';
import { defineBot } from '../../../shared/bot/bot';

const ENDING = 'private';

export const bot = defineBot({
  id: 'autoscaling_launch_config_no_public_ip',
  title: 'Give the instances of a launch configuration no public addresses',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  controls: {
    securityHub: ['AutoScaling.5'],
    config: ['AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED'],
  },
  docs: {
    why: 'An instance with a public address is one security group rule away from everybody.',
    effect: [
      'A copy that differs in this only takes the place of the configuration in its groups, and the configuration is deleted.',
      'Instances that run stay as they are, until their groups replace them.',
      'New instances have no public address, also in subnets that give one; without a NAT gateway or endpoints they reach nothing outside.',
      'Undo makes the configuration again under its name, puts it back into the groups, and deletes the copy.',
    ],
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-config.html'],
  },
  ...LAUNCH_CONFIGURATION,

  inspect: ({ autoscaling }, { target: { id } }) => readPair(autoscaling, id, ENDING),

  check: ({ own }) => (own === undefined || isRight(own) ? undefined : 'its instances get public addresses'),

  plan: (pair, { target: { id } }) =>
    foreignCopy(pair, id, ENDING, isRight) ?? replace(pair, id, ENDING, { AssociatePublicIpAddress: false }),

  undo: ({ own }, { target: { id }, now }) =>
    own && !now.own
      ? bringBack(now, id, ENDING, { AssociatePublicIpAddress: own.AssociatePublicIpAddress })
      : [],

  footprint: ({ own, groups }) => ({ hasOwn: own !== undefined, groups: groups.own }),
});

function isRight({ AssociatePublicIpAddress }: Settings): boolean {
  return AssociatePublicIpAddress !== true;
}
