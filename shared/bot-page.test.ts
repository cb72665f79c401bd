import { join } from 'node:path';
import { parseBotPage, readBotPage } from './bot-page';

const PAGE = `---
securityHub: [EC2.1]
cis:
  '3.0': ['5.4', 5.40]
---

Why it matters,
on two lines.

- What changes.
- What stays, said
  on two lines.

<https://docs.aws.amazon.com/one>
<https://docs.aws.amazon.com/two>
`;

test('a page says controls, why, what follows, and where AWS says so', () => {
  expect(parseBotPage(PAGE.replace(', 5.40', ''))).toEqual({
    controls: { securityHub: ['EC2.1'], cis: { '3.0': ['5.4'] } },
    why: 'Why it matters, on two lines.',
    effect: ['What changes.', 'What stays, said on two lines.'],
    references: ['https://docs.aws.amazon.com/one', 'https://docs.aws.amazon.com/two'],
  });
});

test('a bot that answers no control has a page without a front', () => {
  expect(parseBotPage('Why.\n\n- What.\n\n<https://aws.amazon.com>\n').controls).toEqual({});
});

test.each([
  ['an id that YAML takes for a number', PAGE, /expected string.*\n.*cis/],
  ['a standard that there is not', PAGE.replace('securityHub', 'securityhub'), /securityhub/],
  ['a version of CIS that there is not', PAGE.replace("'3.0'", "'2.0'"), /2\.0/],
  ['a front that is no YAML', PAGE.replace('[EC2.1]', '[EC2.1'), /line 2|flow/i],
])('%s is refused', (_what, text, message) => {
  expect(() => parseBotPage(text)).toThrow(message);
});

test('a page that is not there is named', async () => {
  await expect(readBotPage(join(__dirname, 'bot'), 'no_such_bot')).rejects.toThrow(/no_such_bot\.md: ENOENT/);
});
