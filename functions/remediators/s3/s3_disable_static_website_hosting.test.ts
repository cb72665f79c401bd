import { randomUUID } from 'node:crypto';
import type { WebsiteConfiguration } from '@aws-sdk/client-s3';
import { type Settings, bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { testBot } from '../../../testing/contract';
import { bot } from './s3_disable_static_website_hosting';

const page = { IndexDocument: { Suffix: 'index.html' } };

/** Websites, and what stands beside them. */
const seeded: [name: string, website: WebsiteConfiguration, beside?: Settings][] = [
  ['an index', page],
  ['an index and a page for errors', { ...page, ErrorDocument: { Key: 'error.html' } }],
  ['all requests are sent elsewhere', { RedirectAllRequestsTo: { HostName: 'example.com' } }],
  ['elsewhere by TLS', { RedirectAllRequestsTo: { HostName: 'example.com', Protocol: 'https' } }],
  [
    'a routing rule for a prefix',
    {
      ...page,
      RoutingRules: [
        { Condition: { KeyPrefixEquals: 'docs/' }, Redirect: { ReplaceKeyPrefixWith: 'pages/' } },
      ],
    },
  ],
  [
    'several routing rules, whose order counts',
    {
      ...page,
      RoutingRules: [
        { Condition: { HttpErrorCodeReturnedEquals: '404' }, Redirect: { HostName: 'b.example.com' } },
        { Condition: { KeyPrefixEquals: 'a/' }, Redirect: { HttpRedirectCode: '301', ReplaceKeyWith: 'x' } },
      ],
    },
  ],
  [
    'a public policy, which another bot is for',
    page,
    {
      policy: (arn) => ({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/*` },
      }),
    },
  ],
  ['public grants', page, { grants: [group('global/AllUsers', 'READ'), user('1', 'FULL_CONTROL')] }],
  ['versions and replication', page, { versioning: 'Enabled', replicated: true }],
  ['block public access', page, { block: { BlockPublicPolicy: true, RestrictPublicBuckets: true } }],
];

const [first, ...others] = seeded.map(([name, website, beside]) => ({
  name,
  given: bucketWith({ ...beside, website }),
  violation: 'the bucket serves a static website: turn it off',
  writes: ['s3:DeleteBucketWebsite'],
  untouched: settingsBut('website'),
}));
if (!first) throw new Error('no websites');

testBot(bot, {
  violating: [first, ...others],
  compliant: [{ name: 'no website', given: bucketWith() }],
  gone: randomUUID(),
});
