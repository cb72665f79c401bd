import { untouchable } from './iam';

const context = {
  target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::IAM::Role', id: 'role' },
  home: { account: '111122223333', rolePath: '/selfheal/prod/' },
};

test('selfheal’s own roles, by their path at home', () => {
  expect(untouchable('stack-CoordinatorRole-1A', '/selfheal/prod/', context)).toMatch(/role of selfheal/);
  expect(untouchable('stack-SgDeleteRole-1A', '/selfheal/prod/bots/', context)).toMatch(/role of selfheal/);
});

test.each([
  ['selfheal-definitely-not-evil', '/', context],
  ['selfheal-prod-CoordinatorRole', '/team/', context],
  ['of-another-stage', '/selfheal/dev/', context],
  ['in-a-member', '/selfheal/prod/', { ...context, target: { ...context.target, account: '444455556666' } }],
])('%s under %s gains nothing by its name or path', (name, path, of) => {
  expect(untouchable(name, path, of)).toBeUndefined();
});
