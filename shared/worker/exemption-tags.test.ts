import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from '../aws/trail';
import type { ExemptionTag } from '../config/exemptions';
import { exemptionByTag, exemptionTagOn, provenanceIn, provenanceOf, readTag } from './exemption-tags';

const SECURITY = 'arn:aws:iam::111122223333:role/SecurityTeam';
const ANYBODY = 'arn:aws:iam::111122223333:role/Developer';
const rule: ExemptionTag = { key: 'selfheal:exempt', setBy: ['arn:aws:iam::*:role/SecurityTeam'] };
const VALUE = '2027-01-31 public on purpose';
const NOW = Date.parse('2026-12-01T12:00:00Z');
const target = { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'website-1' };

function event(changes: Partial<TrailEvent>): TrailEvent {
  const request = { tagSet: { items: [{ key: rule.key, value: VALUE }] } };
  const time = '2026-11-30T12:00:00.000Z';
  return { id: 'e', name: 'CreateTags', by: 'x', arn: SECURITY, time, request, ...changes };
}

describe('a tag counts', () => {
  test('where config.ts names it, for the bots that it names', () => {
    const on = (changes: Partial<ExemptionTag>, tags: Record<string, string> | undefined) =>
      exemptionTagOn({ exemptionTags: [{ ...rule, ...changes }] }, 'kms_enable_rotation', tags)?.value;
    expect(on({}, { [rule.key]: VALUE })).toBe(VALUE);
    expect(on({ bots: ['sg_close_ports'] }, { [rule.key]: VALUE })).toBeUndefined();
    expect(on({}, { 'Selfheal:Exempt': VALUE })).toBeUndefined();
    expect(on({}, undefined)).toBeUndefined();
    expect(on({ key: 'constructor' }, {})).toBeUndefined();
    expect(exemptionTagOn({}, 'kms_enable_rotation', { [rule.key]: VALUE })).toBeUndefined();
  });

  test.each([
    ['2027-01-31 public on purpose', { until: '2027-01-31', reason: 'public on purpose' }],
    ['2027-01-31', { until: '2027-01-31', reason: 'no reason is given' }],
    ['  ticket 7: 2027-01-31 ', { reason: 'ticket 7: 2027-01-31' }],
    ['2027-02-30 x', { wrong: 'holds 2027-02-30, which is no date' }],
    ['2027-1-31 x', { wrong: 'holds 2027-1-31, which is no date' }],
    ['   ', { wrong: 'says nothing' }],
  ])('%j is read as %j', (value, said) => {
    expect(readTag(value)).toEqual(said);
  });
});

describe('who set it', () => {
  const shown = (...events: TrailEvent[]) => provenanceIn(events, rule, VALUE);

  test.each<[string, object]>([
    ['CreateTags', { resourcesSet: {}, tagSet: { items: [{ key: rule.key, value: VALUE }] } }],
    ['PutBucketTagging', { Tagging: { TagSet: { Tag: { Key: rule.key, Value: VALUE } } } }],
    ['TagResource', { keyId: 'k', tags: [{ tagKey: rule.key, tagValue: VALUE }] }],
    ['TagResource20170331v2', { resource: 'arn', tags: { [rule.key]: VALUE } }],
    ['RunInstances', { tagSpecificationSet: { items: [{ tags: [{ key: rule.key, value: VALUE }] }] } }],
  ])('as %s says it', (name, request) => {
    expect(shown(event({ name, request: request as TrailEvent['request'] }))).toEqual({
      by: SECURITY,
      at: '2026-11-30T12:00:00.000Z',
    });
  });

  test('somebody who may, whoever set the same again later', () => {
    expect(shown(event({ arn: ANYBODY }), event({}))).toMatchObject({ by: SECURITY });
    expect(shown(event({ arn: ANYBODY }), event({ arn: ANYBODY }))).toEqual({ other: ANYBODY });
  });

  test.each<[string, TrailEvent]>([
    ['set to something else', event({ request: { tags: { [rule.key]: 'another' } } })],
    ['removed', event({ name: 'UntagResource', request: { tagKeys: [rule.key] } })],
    ['deleted with its value', event({ name: 'DeleteTags' })],
    [
      'named in a list of keys',
      event({ name: 'ChangeTagsForResource', request: { removeTagKeys: [rule.key] } }),
    ],
    ['left out when all were replaced', event({ name: 'PutBucketTagging', request: { bucketName: 'b' } })],
  ])('is not known when it was %s in between: the last event is not there yet', (_name, between) => {
    expect(shown(between, event({}))).toHaveProperty('unknown');
    expect(shown(event({ arn: ANYBODY }), between, event({}))).toEqual({ other: ANYBODY });
  });

  test('is not known without an event of it', () => {
    expect(shown()).toHaveProperty('unknown');
    expect(shown(event({ request: { tags: { other: VALUE } } }))).toHaveProperty('unknown');
  });

  test.each([
    'arn:aws:iam::111122223333:role/SecurityTeam2',
    'arn:aws:iam::111122223333:role/x/SecurityTeam',
    // A path of somebody's own making must not stand for another part of the ARN.
    'arn:aws:iam::111122223333:role/x:role/SecurityTeam',
    'arn:aws:sts::111122223333:assumed-role/SecurityTeam/me',
    'arn:aws:iam::111122223333:root',
    '',
  ])('%j is not it', (arn) => {
    expect(shown(event({ arn }))).toEqual({ other: arn });
  });

  test('is asked of CloudTrail by the names of the resource; what it refuses is not known', async () => {
    const asked: unknown[] = [];
    const record = {
      userIdentity: {
        arn: 'arn:aws:sts::111122223333:assumed-role/SecurityTeam/alice',
        sessionContext: { sessionIssuer: { arn: SECURITY, userName: 'SecurityTeam' } },
      },
      requestParameters: { Tagging: { TagSet: { Tag: [{ Key: rule.key, Value: VALUE }] } } },
    };
    const reading = { requestParameters: { tags: { [rule.key]: 'x' } }, readOnly: true };
    // moto has no events of CloudTrail: its answers are scripted.
    const client = {
      send: ({ input }: { input: { LookupAttributes: unknown[] } }) => {
        asked.push(input.LookupAttributes[0]);
        return Promise.resolve({
          Events: [
            {
              EventId: '2',
              EventName: 'GetTags',
              EventTime: new Date(NOW),
              CloudTrailEvent: JSON.stringify(reading),
            },
            {
              ...{ EventId: '1', EventName: 'PutBucketTagging', EventTime: new Date(NOW - 60_000) },
              CloudTrailEvent: JSON.stringify(record),
            },
          ],
        });
      },
    };
    const trail = Object.assign(Object.create(CloudTrailClient.prototype), client) as CloudTrailClient;
    const tag = { rule, value: VALUE };
    expect(await provenanceOf(trail, target, tag, NOW)).toEqual({
      by: SECURITY,
      at: new Date(NOW - 60_000).toISOString(),
    });
    expect(asked).toEqual([
      { AttributeKey: 'ResourceName', AttributeValue: 'website-1' },
      { AttributeKey: 'ResourceName', AttributeValue: 'arn:aws:s3:::website-1' },
    ]);
    const denied = Object.assign(Object.create(CloudTrailClient.prototype), {
      send: () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' })),
    }) as CloudTrailClient;
    expect(await provenanceOf(denied, target, tag, NOW)).toEqual({ unknown: 'AccessDeniedException: no' });
  });
});

describe('what it makes of a repair', () => {
  const proven = { by: SECURITY, at: '2026-11-30T12:00:00Z' };
  const made = (
    value: string,
    provenance: Parameters<typeof exemptionByTag>[1],
    sentAt = NOW,
    maxDays?: number,
  ) =>
    exemptionByTag({ rule: { ...rule, ...(maxDays !== undefined && { maxDays }) }, value }, provenance, {
      sentAt,
      now: NOW,
    });

  test('exempt, until the earlier of its own end and the longest that config.ts lets it', () => {
    expect(made(VALUE, proven)).toEqual({
      outcome: 'exempt',
      reason: `the tag selfheal:exempt, set by ${SECURITY}, until 2027-01-31: public on purpose`,
    });
    expect(made('2030-01-01 long', proven)).toMatchObject({
      reason: expect.stringContaining('until 2027-02-28'),
    });
    expect(made('soon', proven, NOW, 7)).toMatchObject({
      reason: expect.stringContaining('until 2026-12-07'),
    });
    expect(made('2026-12-01', proven)).toBeUndefined();
    expect(made('soon', { ...proven, at: '2026-11-20T00:00:00Z' }, NOW, 7)).toBeUndefined();
  });

  test('nothing, set by somebody who may not: whatever it says', () => {
    expect(made(VALUE, { other: ANYBODY })).toBeUndefined();
    expect(made('', { other: ANYBODY })).toBeUndefined();
  });

  test('it waits for CloudTrail, is held in the end, and never exempt unproven', () => {
    const unknown = { unknown: 'no event' };
    expect(made(VALUE, unknown, NOW - 60_000)).toMatchObject({ outcome: 'waiting' });
    expect(made(VALUE, unknown, NOW - 31 * 60_000)).toEqual({
      outcome: 'held',
      reason:
        'the tag selfheal:exempt asks for an exemption, and CloudTrail does not show who set it: no event; set it again, or remove it',
    });
  });

  test('held where it cannot be read', () => {
    expect(made('2027-13-01 x', proven)).toEqual({
      outcome: 'held',
      reason: 'the tag selfheal:exempt holds 2027-13-01, which is no date: write 2027-01-31 and a reason',
    });
  });

  test('256 characters of markup are a reason, cut short, and no more', () => {
    const markup = '<!channel> *x* `y` <http://evil|ok> \u202e'.repeat(7).slice(0, 256);
    const { reason = '' } = made(markup, proven) as { reason?: string };
    expect(reason.length).toBeLessThan(330);
    expect(reason).toContain('<!channel>');
  });
});
