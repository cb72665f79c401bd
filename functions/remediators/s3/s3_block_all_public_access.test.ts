import { randomUUID } from 'node:crypto';
import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import { testBot } from '../../../testing/contract';
import { OWNER, type Settings, bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { bot } from './s3_block_all_public_access';

const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** A bucket that everyone reads, with these switches. */
const bucket = (block?: PublicAccessBlockConfiguration, beside: Settings = {}) =>
  bucketWith({
    policy: (arn) => ({
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/*` }],
    }),
    ...(block && { block }),
    ...beside,
  });

/** Settings that open or close a bucket in other ways, and that are not this bot's. */
const beside: [name: string, settings: Settings][] = [
  [
    'public grants, and one to log delivery',
    {
      grants: [
        user(OWNER, 'FULL_CONTROL'),
        group('global/AllUsers', 'READ'),
        group('s3/LogDelivery', 'WRITE'),
      ],
    },
  ],
  ['a website', { website: { IndexDocument: { Suffix: 'index.html' } } }],
  ['versions and replication', { versioning: 'Enabled', replicated: true }],
  ['objects of others', { ownership: 'ObjectWriter' }],
  [
    'a policy of Deny, NotAction and a condition',
    {
      policy: (arn) => ({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', Resource: `${arn}/locked/*` },
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `${arn}/*`,
            Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
          },
        ],
      }),
    },
  ],
];

const untouched = settingsBut('block');
const after = { is: ALL };
const writes = ['s3:PutBucketPublicAccessBlock'];

testBot(bot, {
  violating: [
    {
      name: 'nothing configured',
      given: bucket(),
      violation:
        'public access is not blocked: turn on BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets',
      writes,
      after,
      untouched,
    },
    {
      name: 'configured, and all flags are off',
      given: bucket({ BlockPublicAcls: false }),
      violation: /turn on BlockPublicAcls, /,
      writes,
      after,
      untouched,
    },
    ...Object.keys(ALL).map((flag) => ({
      name: `all but ${flag}`,
      given: bucket({ ...ALL, [flag]: false }),
      violation: new RegExp(`turn on ${flag}$`),
      writes,
      after,
      untouched,
    })),
    ...beside.map(([name, settings]) => ({
      name: `beside ${name}`,
      given: bucket({ BlockPublicAcls: true }, settings),
      violation: /turn on IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets$/,
      writes,
      after,
      untouched,
    })),
  ],
  compliant: [{ name: 'all four flags are on', given: bucket(ALL) }],
  gone: randomUUID(),
});
