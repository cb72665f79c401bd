import { deletedPrincipals, policyFootprint, sayDeleted, writable, writableText } from './deleted-principals';
import type { Policy, Statement } from './policy-document';

const ROLE = 'AROA27HJSWAHEPTTLIWSO';
const USER = 'AIDACKCEVSQ6C2EXAMPLE';
const FRIEND = 'arn:aws:iam::111122223333:root';
const statement = (extra: object): Statement => ({
  Sid: 'S',
  Effect: 'Allow',
  Action: 's3:GetObject',
  ...extra,
});
const left = (extra: object) => writable({ Statement: [statement(extra)] }).Statement;

test.each([
  [{ Principal: { AWS: [ROLE, FRIEND] } }, { Principal: { AWS: [FRIEND] } }],
  [{ Principal: { AWS: USER, Service: 'x' } }, { Principal: { Service: 'x' } }],
  [{ Principal: { AWS: [`${ROLE}:session`, FRIEND] } }, { Principal: { AWS: [FRIEND] } }],
  [
    { Effect: 'Deny', NotPrincipal: { AWS: [ROLE, FRIEND] } },
    { Effect: 'Deny', NotPrincipal: { AWS: [FRIEND] } },
  ],
])('%j: %j', (given, expected) => {
  expect(left(given)).toEqual([statement(expected)]);
});

test('a statement for nobody else goes, and a Deny for everyone but nobody is one for everyone', () => {
  expect(left({ Principal: { AWS: [ROLE, USER] } })).toEqual([]);
  expect(JSON.stringify(left({ Effect: 'Deny', NotPrincipal: { AWS: ROLE } }))).toBe(
    JSON.stringify([statement({ Effect: 'Deny', Principal: '*' })]),
  );
});

test.each([
  [{ Principal: '*' }],
  [{ Principal: { AWS: [FRIEND, '111122223333'] } }],
  [{ Principal: { AWS: 'arn:aws:iam::111122223333:user/AIDACKCEVSQ6C2EXAMPLE' } }],
  [{ Principal: { CanonicalUser: ROLE } }],
  [{ Principal: { AWS: FRIEND }, Condition: { StringLike: { 'aws:userid': `${ROLE}:*` } } }],
])('nobody is deleted here, and the policy stays the very same: %j', (extra) => {
  const policy: Policy = { Statement: [statement(extra)] };
  expect(writable(policy)).toBe(policy);
  const text = ` ${JSON.stringify(policy)}`;
  expect(writableText(text)).toBe(text);
  expect(sayDeleted(text)).toBe('');
  expect(policyFootprint({ policy: text })).toEqual({ policy: text });
});

test('ids are told once each, and the footprint tells what cannot come back from what can', () => {
  const policy = JSON.stringify({
    Statement: [statement({ Principal: { AWS: [ROLE, FRIEND] } }), statement({ Principal: { AWS: ROLE } })],
  });
  expect(deletedPrincipals(JSON.parse(policy) as Policy)).toEqual([ROLE]);
  expect(sayDeleted(policy)).toBe(
    `; ${ROLE} in it is the id of a deleted user or role, which AWS takes in no policy: dropped`,
  );
  expect(policyFootprint({ policy, owner: 'o' })).toEqual({
    owner: 'o',
    policy: JSON.stringify({ Statement: [statement({ Principal: { AWS: [FRIEND] } })] }),
    deletedPrincipals: [ROLE],
  });
});
