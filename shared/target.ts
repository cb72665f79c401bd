import * as z from 'zod';

/** The resource that a finding speaks of and a bot acts on. */
export const targetSchema = z.object({
  account: z.string().regex(/^\d{12}$/, 'an account id has 12 digits'),
  region: z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'a region looks like eu-west-1'),
  /** CloudFormation type name, `AWS::EC2::SecurityGroup`; an account is `AWS::::Account`. */
  type: z.string().regex(/^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+$/, 'a type looks like AWS::S3::Bucket'),
  /** The id that the service's own API takes: `sg-…`, a bucket's name, a key's id, an account's number. */
  id: z.string().min(1).max(2048),
});

/** See {@link targetSchema}. */
export type Target = z.infer<typeof targetSchema>;

/** One line that names a resource exactly: also the resource key of the journal. */
export function resourceKey({ account, region, type, id }: Target): string {
  // An account is the same in whatever region a finding about it arose.
  return `${account}/${type === 'AWS::::Account' ? 'global' : region}/${type}/${id}`;
}

/** The partition a region lies in. Source: AWS General Reference, Amazon Resource Names. */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
