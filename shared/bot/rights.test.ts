import type { Permissions } from './bot';
import { rightsUnder } from './rights';

const permissions: Permissions = {
  read: ['iam:GetUser'],
  write: ['iam:AttachUserPolicy', 'iam:UpdateLoginProfile', 'iam:PassRole'],
  undo: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
  only: { 'iam:UpdateLoginProfile': 'user/${params.users}' },
  where: {
    'iam:AttachUserPolicy': {
      ArnLike: { 'iam:PolicyARN': ['arn:${Partition}:iam::${Account}:policy/${params.policies}'] },
    },
    'iam:PassRole': { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  },
};

test('what config.ts says, and lets findings choose from, stands in the conditions', () => {
  const params = { policies: 'deny', users: ['team/*', 'ann'] };
  const allowed = { policies: ['arn:aws:iam::$ACCOUNT_ID:policy/other'] };
  expect(rightsUnder(permissions, { params, allowed })).toEqual({
    ...permissions,
    only: { 'iam:UpdateLoginProfile': ['user/ann', 'user/team/*'] },
    where: {
      'iam:AttachUserPolicy': {
        ArnLike: {
          'iam:PolicyARN': [
            'arn:aws:iam::${Account}:policy/other',
            'arn:${Partition}:iam::${Account}:policy/deny',
          ],
        },
      },
      'iam:PassRole': { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } },
    },
  });
});

test('what config.ts gives no value for is not allowed at all', () => {
  expect(rightsUnder(permissions, {})).toEqual({
    read: ['iam:GetUser'],
    write: ['iam:PassRole'],
    undo: ['iam:DetachUserPolicy'],
    only: {},
    where: { 'iam:PassRole': { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } } },
  });
});

test('permissions without conditions stay as they are', () => {
  const plain = { read: ['kms:DescribeKey'], write: ['kms:EnableKeyRotation'], undo: [], elsewhere: [] };
  expect(rightsUnder(plain, { params: { days: 90 } })).toEqual(plain);
});
