import { testBot } from '../../../testing/contract';
import { launchConfiguration, launchConfigurations, neighbour } from './fixtures/launch-configurations';
import { bot } from './autoscaling_launch_config_require_imdsv2';

const violation = 'its instances answer requests for metadata without a token';
const open = { MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 } } as const;

testBot(bot, {
  violating: [
    {
      name: 'used by a group, beside another that is',
      given: (account) => launchConfigurations(account, open),
      violation,
      writes: [
        'autoscaling:CreateLaunchConfiguration',
        'autoscaling:UpdateAutoScalingGroup',
        'autoscaling:DeleteLaunchConfiguration',
      ],
      after: {
        copy: { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } },
        groups: { own: [], copy: ['web'] },
      },
      untouched: neighbour,
    },
    {
      name: 'another has the name of the copy',
      given: async (account) => {
        const required = { MetadataOptions: { HttpTokens: 'required' as const } };
        await launchConfiguration(account, 'web-imdsv2', { ...required, ImageId: 'ami-785db401' });
        return launchConfigurations(account, open);
      },
      ...{ violation, writes: [], held: /web-imdsv2 is there already, and is no copy/ },
    },
  ],
  compliant: [
    {
      name: 'a token is required',
      given: (account) => launchConfigurations(account, { MetadataOptions: { HttpTokens: 'required' } }),
    },
  ],
  gone: 'no-such-configuration',
});
