import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  type Address,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
  paginateDescribeAddressesAttribute,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { interfacesOf } from './lib/instances';
import { onlyTag, setTag } from './lib/tags';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

/** The instance that an address was taken from: a run that is cut off in between leaves none behind, unused and paid for. */
const MARK = 'selfheal-release';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_release_eips',
  title: 'Release the Elastic IP addresses of an EC2 instance',
  severity: 'high',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    release: z
      .boolean()
      .default(true)
      .describe('false only takes the addresses off the instance and keeps them, which can be undone'),
  }),
  from: { release: 'finding' },
  words: { order: ['release'] },
  permissions: {
    read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeAddresses', 'ec2:DescribeAddressesAttribute'],
    write: ['ec2:CreateTags', 'ec2:DisassociateAddress', 'ec2:ReleaseAddress'],
    undo: ['ec2:AssociateAddress'],
    where: { 'ec2:CreateTags': onlyTag(MARK) },
  },

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    const interfaces = (await interfacesOf(ec2, id)).map((one) => one.id);
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    const own = Addresses.filter(({ AssociationId, NetworkInterfaceId = '', Tags = [] }) =>
      AssociationId === undefined
        ? Tags.some(({ Key, Value }) => Key === MARK && Value === id)
        : interfaces.includes(NetworkInterfaceId),
    );
    if (interfaces.length === 0 && own.length === 0) return undefined;
    return { addresses: await plain(ec2, own) };
  },

  check(state, { params }) {
    const list = wrong(state, params).map(({ ip, on }) =>
      on ? `${ip} on ${on.interface}` : `${ip}, taken off`,
    );
    return list.length > 0 ? `the instance has Elastic IP addresses: ${list.join('; ')}` : undefined;
  },

  plan(state, { target, params }) {
    const addresses = wrong(state, params);
    const managed = addresses.find(({ service }) => service !== undefined);
    if (managed) return { held: `${managed.ip} is managed by ${managed.service}: take it off there` };
    const named = params.release && addresses.find(({ ptr }) => ptr !== undefined);
    if (named)
      return { held: `${named.ip} has reverse DNS to ${named.ptr}: remove that first, or use release=false` };
    const off = addresses.flatMap(({ on }) =>
      on ? [{ ec2: new DisassociateAddressCommand({ AssociationId: on.association }) }] : [],
    );
    if (!params.release) return off;
    return [
      ...addresses.filter(({ on }) => on).map(({ allocation }) => setTag(allocation, MARK, target.id)),
      ...off,
      ...addresses.map(({ allocation, border }) => ({
        ec2: new ReleaseAddressCommand({
          AllocationId: allocation,
          ...(border && { NetworkBorderGroup: border }),
        }),
      })),
    ];
  },

  undo({ addresses }, { params: { release } }) {
    if (release) {
      const ips = addresses.map(({ ip }) => ip).join(', ');
      return {
        irreversible: `${ips}: released, and perhaps another's by now; AllocateAddress may still get it back`,
      };
    }
    return addresses.flatMap(({ allocation: AllocationId, on }) =>
      on
        ? [
            {
              ec2: new AssociateAddressCommand({
                AllocationId,
                NetworkInterfaceId: on.interface,
                ...(on.ip && { PrivateIpAddress: on.ip }),
                AllowReassociation: false,
              }),
            },
          ]
        : [],
    );
  },

  // An association that is made anew has another id.
  footprint: ({ addresses }) => addresses.map(({ ip, on }) => [ip, on?.interface, on?.ip]),
});

interface State {
  readonly addresses: readonly {
    readonly allocation: string;
    readonly ip: string;
    /** The network border group that it is announced from. */
    readonly border?: string;
    /** Absent when it has been taken off and waits to be released. */
    readonly on?: { readonly association: string; readonly interface: string; readonly ip?: string };
    /** Where its reverse DNS points. */
    readonly ptr?: string;
    /** The AWS service that manages it. */
    readonly service?: string;
  }[];
}

function wrong({ addresses }: State, { release }: { readonly release: boolean }): State['addresses'] {
  return release ? addresses : addresses.filter(({ on }) => on);
}

async function plain(ec2: EC2Client, found: readonly Address[]): Promise<State['addresses']> {
  if (found.length === 0) return [];
  const names = new Map<string, string>();
  const AllocationIds = found.map(({ AllocationId = '' }) => AllocationId);
  const asked = { AllocationIds, Attribute: 'domain-name' } as const;
  for await (const { Addresses = [] } of paginateDescribeAddressesAttribute({ client: ec2 }, asked)) {
    for (const { AllocationId, PtrRecord } of Addresses)
      if (AllocationId && PtrRecord) names.set(AllocationId, PtrRecord);
  }
  return found
    .map(({ AllocationId: allocation = '', PublicIp: ip = '', ...one }) => ({
      ...{ allocation, ip },
      ...(one.NetworkBorderGroup && { border: one.NetworkBorderGroup }),
      ...(one.AssociationId && {
        on: {
          association: one.AssociationId,
          interface: one.NetworkInterfaceId ?? '',
          ...(one.PrivateIpAddress && { ip: one.PrivateIpAddress }),
        },
      }),
      ...(names.has(allocation) && { ptr: names.get(allocation) ?? '' }),
      ...(one.ServiceManaged && { service: one.ServiceManaged }),
    }))
    .sort((a, b) => a.allocation.localeCompare(b.allocation));
}
