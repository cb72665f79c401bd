import { EC2Client, type ManagedBy } from '@aws-sdk/client-ec2';

/** What EC2's settings for one region share. */
export const EC2_REGION = { resource: 'AWS::::Region', clients: { ec2: EC2Client } } as const;

/** Holds where a declarative policy of the organization decides. Source: EC2 User Guide, declarative policies. */
export function managedElsewhere({ managedBy }: { readonly managedBy: ManagedBy }) {
  return managedBy === 'account'
    ? undefined
    : { held: 'the setting is managed by a declarative policy of the organisation: change it there' };
}
