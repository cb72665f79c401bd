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
