import { testBot } from '../../../testing/contract';
import { launchConfigurations, neighbour } from './fixtures/launch-configurations';
import { bot } from './autoscaling_launch_config_no_public_ip';

testBot(bot, {
  violating: [
    {
      name: 'used by a group, beside another that is',
      given: (account) => launchConfigurations(account, { AssociatePublicIpAddress: true }),
      violation: 'its instances get public addresses',
      writes: [
        'autoscaling:CreateLaunchConfiguration',
        'autoscaling:UpdateAutoScalingGroup',
        'autoscaling:DeleteLaunchConfiguration',
      ],
      after: { copy: { AssociatePublicIpAddress: false }, groups: { own: [], copy: ['web'] } },
      untouched: neighbour,
    },
  ],
  compliant: [
    { name: 'no word of addresses', given: (account) => launchConfigurations(account, {}) },
    {
      name: 'none',
      given: (account) => launchConfigurations(account, { AssociatePublicIpAddress: false }),
    },
  ],
  gone: 'no-such-configuration',
});
