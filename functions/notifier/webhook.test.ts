import { listen } from './testing';
import type { SecretSource } from '../../shared/config/notifications';
import { webhook } from './webhook';

const URL_A = 'https://hooks.slack.com/services/T0/B0/aaaa';
const URL_B = 'https://hooks.slack.com/services/T0/B0/bbbb';
const source = { parameter: '/selfheal/slack-webhook-url' };

const holding = (text: string | undefined, from: SecretSource = source) =>
  webhook(from, { read: () => Promise.resolve(text) }).text();
const failing = (name: string, message: string, from: SecretSource = source) =>
  webhook(from, { read: () => Promise.reject(Object.assign(new Error(message), { name })) }).text();

test('the URL is read once in a few minutes, and at once when asked', async () => {
  let time = 0;
  const reads: number[] = [];
  const { text: url } = webhook(source, {
    read: () => Promise.resolve([URL_A, URL_B, URL_A][reads.push(time) - 1]),
    now: () => time,
    ttlMs: 1000,
  });
  expect([await url(), await url()]).toEqual([URL_A, URL_A]);
  time = 999;
  expect(await url()).toBe(URL_A);
  time = 1000;
  expect(await url()).toBe(URL_B);
  expect(await url({ fresh: true })).toBe(URL_A);
  expect(reads).toEqual([0, 1000, 1000]);
});

test('a failed read is not remembered', async () => {
  const answers: (string | undefined)[] = [undefined, URL_A];
  const { text: url } = webhook(source, { read: () => Promise.resolve(answers.shift()) });
  await expect(url()).rejects.toThrow('is missing');
  await expect(url()).resolves.toBe(URL_A);
});

test.each([
  [`  ${URL_A}\n`, URL_A],
  [`{"url":"${URL_A}"}`, URL_A],
  ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
  ['http://localhost:8080/x', 'http://localhost:8080/x'],
])('%j is taken', async (text, expected) => {
  await expect(holding(text)).resolves.toBe(expected);
});

test.each(['secret-token', 'http://hooks.slack.com/services/secret-token', '{"token":"secret-token"}', '{x'])(
  '%j is refused without being repeated',
  async (text) => {
    const refusal = await holding(text).catch(String);
    expect(refusal).toContain('/selfheal/slack-webhook-url does not hold an https URL');
    expect(refusal).not.toContain('secret-token');
  },
);

test('a missing parameter: one sentence with its name and the command', async () => {
  const sentence =
    "the SSM parameter /selfheal/slack-webhook-url with Slack's webhook URL is missing: aws ssm put-parameter " +
    '--name /selfheal/slack-webhook-url --type SecureString --value https://hooks.slack.com/… --overwrite';
  await expect(failing('ParameterNotFound', 'UnknownError')).rejects.toThrow(sentence);
  await expect(holding(undefined)).rejects.toThrow(sentence);
  await expect(holding(' \n')).rejects.toThrow(sentence);
});

test('a missing secret: the same', async () => {
  await expect(failing('ResourceNotFoundException', 'x', { secret: 'slack/hook' })).rejects.toThrow(
    "the secret slack/hook with Slack's webhook URL is missing: aws secretsmanager create-secret " +
      '--name slack/hook --secret-string https://hooks.slack.com/…',
  );
});

test('a read that is not allowed says so', async () => {
  await expect(failing('AccessDeniedException', 'not authorized: ssm:GetParameter')).rejects.toThrow(
    'cannot be read: AccessDeniedException: not authorized: ssm:GetParameter',
  );
});

describe('at AWS', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  async function reading(from: SecretSource, status: number, answer: object) {
    const asked: unknown[] = [];
    const aws = await listen((request, body, response) => {
      asked.push([request.headers['x-amz-target'], JSON.parse(body)]);
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answer));
    });
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: aws.url,
    });
    try {
      const said = await webhook(from)
        .text()
        .catch((error: unknown) => (error as Error).message);
      return { asked, said };
    } finally {
      await aws.close();
    }
  }

  test('a parameter is read decrypted', async () => {
    expect(await reading(source, 200, { Parameter: { Value: URL_A } })).toEqual({
      asked: [['AmazonSSM.GetParameter', { Name: source.parameter, WithDecryption: true }]],
      said: URL_A,
    });
  });

  test('a secret is read by its name', async () => {
    expect(await reading({ secret: 'slack/hook' }, 200, { SecretString: URL_A })).toEqual({
      asked: [['secretsmanager.GetSecretValue', { SecretId: 'slack/hook' }]],
      said: URL_A,
    });
  });

  test.each([
    [source, 'ParameterNotFound', 'aws ssm put-parameter'],
    [{ secret: 'slack/hook' }, 'ResourceNotFoundException', 'aws secretsmanager create-secret'],
  ])('%j that is not there says how to store it', async (from, type, command) => {
    const { said } = await reading(from, 400, { __type: type, message: 'none' });
    expect(said).toContain(`is missing: ${command}`);
  });
});
