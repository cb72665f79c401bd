import { enabling } from '../../testing/entry';
import type { Exemption } from '../config/exemptions';
import type { Target } from '../resources/target';
import { exemptionFor } from './exemptions';

const ACCOUNT = '111122223333';
const bucket: Target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'website-1' };
const TODAY = '2026-11-21';

describe('an exemption', () => {
  const reason = (exemption: Partial<Exemption>, target = bucket) =>
    exemptionFor(
      { ...enabling(), exemptions: [{ owner: 'web team', reason: 'public on purpose', ...exemption }] },
      's3_block_all_public_access',
      target,
      TODAY,
    );

  test.each<Partial<Exemption>>([
    {},
    { bot: 's3_block_all_public_access' },
    { account: ACCOUNT },
    { region: 'eu-*' },
    { resource: 'website-1' },
    { resource: 'website-*' },
    { resource: '*-1' },
    { resource: 'web*-*' },
    { resource: '*' },
    { bot: 's3_block_all_public_access', account: ACCOUNT, region: 'eu-west-1', resource: 'website-1' },
    { until: '2026-11-22' },
  ])('%j covers the bucket', (exemption) => {
    expect(reason(exemption)).toBe('public on purpose');
  });

  test.each<Partial<Exemption>>([
    { bot: 'kms_enable_rotation' },
    { account: '999999999999' },
    { region: 'us-*' },
    { resource: 'website' },
    { resource: 'ebsite-1' },
    { resource: 'website-1?' },
    { resource: 'website.1' },
    { resource: '' },
    { resource: 'website-*', region: 'us-east-1' },
    { until: TODAY },
    { until: '2025-12-31' },
  ])('%j does not', (exemption) => {
    expect(reason(exemption)).toBeUndefined();
  });

  test('takes what means something in a pattern as it is written', () => {
    const id = 'a.b+c(d)[e]{f}|g^h$i\\j?k\nl';
    expect(reason({ resource: id }, { ...bucket, id })).toBe('public on purpose');
    expect(reason({ resource: 'a.b*l' }, { ...bucket, id })).toBe('public on purpose');
    expect(reason({ resource: id }, { ...bucket, id: 'axb' })).toBeUndefined();
  });

  test('the first that covers gives the reason; without any there is none', () => {
    const exemptions = [
      { region: 'us-*', owner: 'a', reason: 'one' },
      { resource: '*', owner: 'b', reason: 'two' },
      { owner: 'c', reason: 'three' },
    ];
    const config = { ...enabling(), exemptions };
    expect(exemptionFor(config, 'kms_enable_rotation', bucket, TODAY)).toBe('two');
    expect(exemptionFor(enabling(), 'kms_enable_rotation', bucket, TODAY)).toBeUndefined();
  });
});

describe('patterns of exemptions', () => {
  const covers = (resource: string, id: string) =>
    exemptionFor(
      { ...enabling(), exemptions: [{ resource, owner: 'a', reason: 'x' }] },
      'any',
      { ...bucket, id },
      TODAY,
    );

  test.each([
    ['website-*', 'website-1'],
    ['*', ''],
    ['a*b*c', 'abc'],
    ['a*b*c', 'a-b-b-c-c'],
    ['*.logs', 'eu.logs'],
    ['a*a', 'aa'],
    ['a.c', 'a.c'],
  ])('%s stands for %s', (pattern, id) => {
    expect(covers(pattern, id)).toBe('x');
  });

  test.each([
    ['website-*', 'my-website-1'],
    ['a*a', 'a'],
    ['a*b*c', 'acb'],
    ['ab*ba', 'aba'],
    ['a.c', 'abc'],
    ['a*', 'A1'],
  ])('%s does not stand for %s', (pattern, id) => {
    expect(covers(pattern, id)).toBeUndefined();
  });

  test('are matched without going back, however many stars and dashes there are', () => {
    // With backtracking this would take longer than anybody waits.
    expect(covers('*-*-*-*-*-*-*-*-*-x', '-'.repeat(2048))).toBeUndefined();
  });
});
