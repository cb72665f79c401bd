import { commandIn, fixCommand } from './place';
import { PLACE } from './testing';

const bucket = (id: string, over: object = {}) => ({
  account: PLACE.account,
  region: PLACE.region,
  type: 'AWS::S3::Bucket',
  id,
  ...over,
});

test.each([
  ['plain', 'npx selfheal fix b plain --region eu-west-1'],
  ['$(rm -rf ~); x', "npx selfheal fix b '$(rm -rf ~); x' --region eu-west-1"],
  ["it's", "npx selfheal fix b 'it'\\''s' --region eu-west-1"],
  ['--yes', 'npx selfheal fix --region eu-west-1 -- b --yes'],
])('%j is one word of the shell, and no option', (id, command) => {
  expect(commandIn(PLACE, 'fix', ['b', id])).toBe(command);
});

test.each(['a\nb', 'a`b', 'a\u202eb', 'a  b', 'x'.repeat(1000)])(
  'what a message cannot show as it is makes no command: %j',
  (id) => {
    expect(commandIn(PLACE, 'fix', ['b', id])).toBeUndefined();
  },
);

test('the stage is said where it is not the usual one', () => {
  expect(commandIn({ ...PLACE, stage: 'dev' }, 'history', [])).toBe(
    'npx selfheal history --region eu-west-1 --stage dev',
  );
});

test('what lies elsewhere is named so', () => {
  const group = { ...bucket('sg-1'), type: 'AWS::EC2::SecurityGroup', region: 'us-east-1' };
  expect(fixCommand(PLACE, 'b', group)).toBe(
    'npx selfheal fix --resource-region us-east-1 b sg-1 --region eu-west-1',
  );
  expect(fixCommand(PLACE, 'b', { ...group, account: '999999999999' })).toContain(
    ' b arn:aws:ec2:us-east-1:999999999999:security-group/sg-1 ',
  );
  const user = { ...bucket('ann', { region: 'us-east-1', account: '999999999999' }), type: 'AWS::IAM::User' };
  expect(fixCommand(PLACE, 'b', user)).toBe('npx selfheal fix b ann --region eu-west-1');
});
