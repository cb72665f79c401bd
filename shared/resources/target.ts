import * as z from 'zod';
import { typeOf } from './types';

/** The resource that a finding speaks of and a bot acts on. */
export const targetSchema = z
  .object({
    account: z.string().regex(/^\d{12}$/, 'an account id has 12 digits'),
    region: z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'a region looks like eu-west-1'),
    /** CloudFormation type name, `AWS::EC2::SecurityGroup`; an account is `AWS::::Account`, one region of it `AWS::::Region`. */
    type: z.string().regex(/^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+$/, 'a type looks like AWS::S3::Bucket'),
    /** The id that the service's own API takes: `sg-…`, a bucket's name, a key's id, an account's number, a region's name. */
    id: z.string().min(1).max(2048),
  })
  .refine(({ type, account, region, id }) => !isSettings(type) || id === settingsId(type, account, region), {
    path: ['id'],
    error: 'settings are named by where they lie: those of an account by its number, of a region by its name',
  });

/** See {@link targetSchema}. */
export type Target = z.infer<typeof targetSchema>;

/** The settings of an account as a whole, and those that it has in each region. */
export const ACCOUNT = 'AWS::::Account';
/** See {@link ACCOUNT}: EBS encryption by default, say. AWS has no name for it; the id is the region's. */
export const REGION = 'AWS::::Region';

/** Whether targets of that type always exist, and are named by where they lie. */
export function isSettings(type: string): boolean {
  return type === ACCOUNT || type === REGION;
}

/** The target of that type in this account and region, for which {@link isSettings} holds. */
export function settingsTarget(type: string, account: string, region: string): Target {
  return { account, region, type, id: settingsId(type, account, region) };
}

function settingsId(type: string, account: string, region: string): string {
  return type === REGION ? region : account;
}

/** Whether what is of that type lies in no region: the one in a finding is only where it was heard. */
export function isGlobal(type: string): boolean {
  return typeOf(type)?.where === 'global';
}

/**
 * One line that names a canonical target exactly: also the resource key of the journal. What every region finds by its
 * name has the same key from everywhere.
 */
export function resourceKey({ account, region, type, id }: Target): string {
  const isPlaceless = (typeOf(type)?.where ?? 'region') !== 'region';
  return `${account}/${isPlaceless ? 'global' : region}/${type}/${id}`;
}

/** Sessions and ARNs are of one partition. Source: AWS General Reference, ARNs. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** The partition a region lies in. Source: AWS General Reference, Amazon Resource Names. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
