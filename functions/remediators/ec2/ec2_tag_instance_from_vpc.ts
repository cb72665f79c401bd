import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { liveInstance } from './lib/instances';
import { restoreTag, setTag } from './lib/tags';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_tag_instance_from_vpc',
  aliases: ['ec2_tag_instance'],
  title: 'Give an EC2 instance a tag that its VPC has',
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    key: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("the tag's key, in its case; held where none is named"),
  }),
  from: { key: 'config' },
  words: { order: ['key'] },
  permissions: {
    read: ['ec2:DescribeInstances', 'ec2:DescribeVpcs'],
    write: ['ec2:CreateTags'],
    undo: ['ec2:DeleteTags'],
  },

  async inspect({ ec2 }, { target: { id }, params: { key } }): Promise<State | undefined> {
    const instance = await liveInstance(ec2, id);
    if (!instance) return undefined;
    const own = instance.Tags?.find(({ Key }) => Key === key)?.Value;
    // Without a VPC, as in EC2-Classic, an empty list would mean all VPCs.
    const vpcs = [instance.VpcId ?? []].flat();
    const { Vpcs = [] } = vpcs.length > 0 ? await ec2.send(new DescribeVpcsCommand({ VpcIds: vpcs })) : {};
    const value = Vpcs[0]?.Tags?.find(({ Key }) => Key === key)?.Value;
    return {
      ...{ vpc: instance.VpcId ?? 'none' },
      ...(own !== undefined && { own }),
      ...(value !== undefined && { value }),
    };
  },

  check({ own }, { params: { key } }) {
    if (key === undefined) return 'nothing says which tag the instance is to have';
    return own === undefined ? `the instance has no tag ${key}` : undefined;
  },

  plan({ vpc, value }, { target: { id }, params: { key } }) {
    if (key === undefined) return { held: 'name the tag: AUTO: ec2_tag_instance_from_vpc <key>' };
    return value === undefined
      ? { held: `the VPC ${vpc} has no tag ${key} either` }
      : [setTag(id, key, value)];
  },

  undo: (before, { target: { id }, params: { key = '' }, now }) => restoreTag(id, key, before.own, now.own),

  footprint: ({ own }) => ({ own }),
});

interface State {
  readonly vpc: string;
  /** The value on the instance, and on its VPC. */
  readonly own?: string;
  readonly value?: string;
}
