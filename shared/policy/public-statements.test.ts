import { closedPolicy, sayPublic } from './public-statements';

const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const World = { Sid: 'World', ...read, Principal: '*' };
const said = (...others: object[]) => sayPublic('bucket', JSON.stringify({ Statement: [World, ...others] }));
const service = { Principal: { Service: 'cloudtrail.amazonaws.com' } };
const anyService = { Bool: { 'aws:PrincipalIsAWSService': 'true' } };

describe('services that act for whoever asks (confused deputy)', () => {
  test.each([
    [{ Sid: 'Trail', ...read, ...service }],
    [{ Sid: 'Trail', ...read, ...service, Condition: { StringEquals: { 'aws:SourceAccount': '*' } } }],
    [{ Sid: 'Trail', ...read, ...service, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    [{ Sid: 'Trail', ...read, Principal: '*', Condition: anyService }],
    [
      {
        Sid: 'Trail',
        ...read,
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } },
      },
    ],
  ])('are said beside what is removed, and stay: %j', (statement) => {
    expect(said(statement)).toBe(
      'the bucket policy lets everyone in by statement World: remove it or name who may; statement Trail lets an AWS service in on behalf of any account (confused deputy), and stays: add aws:SourceAccount or aws:SourceArn',
    );
    expect(closedPolicy(JSON.stringify({ Statement: [World, statement] }))).toEqual({
      Statement: [statement],
    });
    expect(sayPublic('bucket', JSON.stringify({ Statement: [statement] }))).toBeUndefined();
  });

  test.each([
    [{ ...read, ...service, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
    [{ ...read, ...service, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:111122223333:*' } } }],
    [{ ...read, ...service, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }],
    [
      {
        ...read,
        Principal: '*',
        Condition: { ...anyService, StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ],
    [{ ...read, ...service, Effect: 'Deny' }],
    [{ ...read, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
  ])('are not those that name their source: %j', (statement) => {
    expect(said(statement)).not.toContain('confused deputy');
  });
});

test('a policy with very many statements and ranges is judged in a moment', () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({
    Sid: `S${at}`,
    ...read,
    Principal: '*',
    Condition: { IpAddress: { 'aws:SourceIp': [`11.${at % 256}.0.0/16`, `12.${at % 256}.0.0/17`] } },
  }));
  expect(said(...many)).toMatch(/by statement World: /);
});
