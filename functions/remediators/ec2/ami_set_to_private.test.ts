import {
  DescribeImagesCommand,
  EC2Client,
  type LaunchPermission,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { newAccount } from '../../../testing/account';
import { remediate } from '../../../shared/bot/run';
import { toCall } from '../../../shared/bot/steps';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './ami_set_to_private';

const EVERYONE = { Group: 'all' as const };
const PARTNER = { UserId: '111122223333' };
const ORGANIZATION = {
  OrganizationArn: 'arn:aws:organizations::123456789012:organization/o-abcde12345',
};
const UNIT = {
  OrganizationalUnitArn: 'arn:aws:organizations::123456789012:ou/o-abcde12345/ou-ab12-11111111',
};
const writes = ['ec2:ModifyImageAttribute'];

const image =
  (...Add: LaunchPermission[]) =>
  async ({ client }: Account) => {
    const ec2 = client(EC2Client);
    const make = async (Name: string) => {
      const { ImageId } = await ec2.send(new RegisterImageCommand({ Name, RootDeviceName: '/dev/sda1' }));
      return ImageId ?? '';
    };
    const ImageId = await make('golden');
    const other = await make('theirs');
    await ec2.send(
      new ModifyImageAttributeCommand({ ImageId: other, LaunchPermission: { Add: [EVERYONE] } }),
    );
    if (Add.length > 0)
      await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add } }));
    return ImageId;
  };

/** The other images: one of them is public, and nobody asked about it. */
const others = async ({ client }: Account, id: string) => {
  const { Images = [] } = await client(EC2Client).send(new DescribeImagesCommand({ Owners: ['self'] }));
  return Images.filter(({ ImageId }) => ImageId !== id).map(({ Name, Public }) => ({ Name, Public }));
};

testBot(bot, {
  violating: [
    {
      name: 'public, and shared with a partner, an organisation and a unit, which keep it',
      given: image(EVERYONE, PARTNER, ORGANIZATION, UNIT),
      violation: /^the image is shared with everyone$/,
      writes,
      after: { permissions: [PARTNER, ORGANIZATION, UNIT] },
      untouched: others,
    },
    { name: 'public', given: image(EVERYONE), violation: 'everyone', writes, after: { permissions: [] } },
    {
      name: 'for nobody but its owner',
      given: image(EVERYONE, PARTNER),
      params: { keepNamed: false },
      violation: 'shared with 111122223333, everyone',
      writes,
      after: { permissions: [] },
      untouched: others,
    },
  ],
  compliant: [
    { name: 'private', given: image() },
    { name: 'shared with those who are named', given: image(PARTNER, ORGANIZATION) },
  ],
});

describe('ami_set_to_private', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'ami-1' };
  const context = { target, params: { keepNamed: true } };

  test('the permission that goes names the group alone, never an account beside it', () => {
    const before = { permissions: [PARTNER, EVERYONE] };
    expect(stepsOf(bot.plan(before, context)).map(toCall)).toEqual([
      {
        action: 'ec2:ModifyImageAttribute',
        input: { ImageId: 'ami-1', LaunchPermission: { Remove: [EVERYONE] } },
      },
    ]);
  });

  // DescribeImageAttribute: moto answers 500 where there is no such image.
  test.each(['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'])('deregistered: %s', async (name) => {
    const account = await newAccount();
    account.script({
      DescribeImageAttribute: () => {
        throw Object.assign(new Error('no such image'), { name });
      },
    });
    const aws = { ec2: account.client(EC2Client) };
    expect(await remediate(bot, { aws, ...context, mode: 'apply' })).toEqual({ outcome: 'gone' });
  });

  test('undo gives back only what is missing', () => {
    const before = { permissions: [PARTNER, EVERYONE] };
    expect(bot.undo(before, { ...context, now: before })).toEqual([]);
  });
});
