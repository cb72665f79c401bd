import type { Config } from '../../../shared/config';
import { ACCOUNT, REGION, newBucket, run, setTags, tagsOf } from '../../testing';

const at = (...argv: string[]) => [...argv, '--region', REGION];

test('shows the violation, the exact calls, and writes nothing', async () => {
  const { id } = await newBucket({ a: 'b' });
  const ran = await run(at('plan', 'test_tag_bucket', id, 'owner=us'));
  expect(ran.exit).toBe(0);
  expect(ran.out).toMatch(/wrong {3}the owner is nobody, not us/);
  expect(ran.out).toMatch(/undo {4}yes/);
  expect(ran.out).toMatch(/What changes:\n {2}\+ .*owner.*us/);
  expect(ran.out).toMatch(/1\. s3:PutBucketTagging\n {5}Bucket: b-/);
  expect(await tagsOf(id)).toEqual({ a: 'b' });
});

test('the words go over config.ts, and config.ts over the defaults', async () => {
  const { id } = await newBucket();
  const config = {
    bots: { test_tag_bucket: { enabled: true, params: { owner: 'ops' } } },
  } as Partial<Config>;
  const owner = async (...words: string[]) =>
    (await run(at('plan', 'test_tag_bucket', id, ...words, '--json'), { config })).json();
  expect(await owner()).toMatchObject({ outcome: 'planned', params: { owner: 'ops' } });
  expect(await owner('us')).toMatchObject({ params: { owner: 'us' } });
});

test('by ARN, and compliant, gone, irreversible', async () => {
  const { id } = await newBucket();
  const arn = `arn:aws:s3:::${id}`;
  const hard = await run(at('plan', 'test_burn_bridges', arn));
  expect(hard).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/destructive\n {2}undo {4}no: what is said is said/),
  });
  await setTags(id, { owner: 'team' });
  const fine = await run(at('plan', 'test_tag_bucket', arn));
  expect(fine).toMatchObject({ exit: 0, out: expect.stringMatching(/as wanted: nothing to do/) });
  const gone = await run(at('plan', 'test_tag_bucket', `${id}-gone`));
  expect(gone).toMatchObject({ exit: 1, out: expect.stringMatching(/there is no such resource/) });
});

test('an id that cannot be one of the type is told so, and a wrong word in plain English', async () => {
  const ran = await run(at('plan', 'sg_close_ports', 'data-acme'));
  expect(ran).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/"data-acme" names no .*ids begin with sg-/),
  });
  const wrong = await run(at('plan', 'sg_close_ports', 'sg-0a1b2c3d', 'ports=ssh'));
  expect(wrong).toMatchObject({ exit: 2, err: expect.stringMatching(/ports.*must be a number, not a text/) });
});

test('an exemption is told', async () => {
  const { id } = await newBucket();
  const config = {
    exemptions: [{ resource: id, owner: 'web team', approver: 'head of security', reason: 'a museum' }],
  };
  const ran = await run(at('plan', 'test_tag_bucket', id), { config });
  expect(ran.out).toMatch(/exempt in config.ts: a museum/);
});

test.each([
  [['plan', 'test_tag_bukcet', 'b'], 2, /there is no bot "test_tag_bukcet": did you mean test_tag_bucket\?/],
  [['plan', 'quite_another', 'b'], 2, /selfheal bots lists them/],
  [['plan', 'test_tag_bucket'], 2, /name it by its id or ARN/],
  [['plan', 'kms_enable_rotation', 'k', '365', 'colour=red'], 2, /does not know the word/],
  [['plan', 'kms_enable_rotation', 'k', 'periodDays=ten'], 2, /periodDays/],
  [
    ['plan', 'test_tag_bucket', 'arn:aws:kms:eu-west-1:123456789012:key/k'],
    2,
    /the ARN names an AWS::KMS::Key/,
  ],
  [['plan', 'test_tag_bucket', 'b', '--region', 'mars'], 2, /"mars" is not a region/],
  [
    ['plan', 'kms_enable_rotation', `arn:aws:kms:${REGION}:999999999999:key/k`],
    3,
    new RegExp(`${ACCOUNT}: name it`),
  ],
  [['plan', 'kms_enable_rotation', 'k', '--profile', 'no-such-profile'], 4, /credentials/],
  [['plan'], 2, /missing required argument 'bot'/],
  [['plam', 'x'], 2, /unknown command 'plam' \(Did you mean plan\?\)/],
  [['plan', 'x', '--jsn'], 2, /unknown option '--jsn'/],
])('%j is refused in one sentence', async (argv, exit, sentence) => {
  const ran = await run(argv);
  expect(ran).toMatchObject({ exit, out: '', err: expect.stringMatching(sentence) });
  expect(ran.err).not.toMatch(/\n|^\s+at /m);
  const json = await run([...argv, '--json']);
  expect(json.exit).toBe(exit);
  expect(json.json()).toEqual({ exit, error: expect.stringMatching(sentence) });
});
