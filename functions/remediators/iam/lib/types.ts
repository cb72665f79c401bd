import { IAMClient } from '@aws-sdk/client-iam';
import { findKey } from './access-keys';
import { findEntity } from './boundary';
import { findPolicy, findRole, findUser } from './find';
import { NO_SUCH_ENTITY } from './iam';

const IAM = { clients: { iam: IAMClient }, gone: [NO_SUCH_ENTITY] } as const;

/** What all bots on IAM users share. */
export const USER = { ...IAM, resource: 'AWS::IAM::User', finder: findUser } as const;

/** What all bots on IAM roles share. */
export const ROLE = { ...IAM, resource: 'AWS::IAM::Role', finder: findRole } as const;

/** What all bots share that treat roles and users alike. */
export const USER_OR_ROLE = { ...ROLE, alsoOn: [USER.resource], finder: findEntity } as const;

/** What all bots on managed policies share. */
export const MANAGED_POLICY = { ...IAM, resource: 'AWS::IAM::ManagedPolicy', finder: findPolicy } as const;

/** What all bots on access keys share; of a user, the key is found. */
export const ACCESS_KEY = {
  ...IAM,
  resource: 'AWS::IAM::AccessKey',
  alsoOn: [USER.resource],
  finder: findKey,
} as const;

/** What the bots on IAM's settings for an account share. */
export const ACCOUNT = { resource: 'AWS::::Account', clients: { iam: IAMClient } } as const;
