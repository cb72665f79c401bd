/** A finding names another region than the bucket's own: S3 says where the bucket lies, before anything is judged. */
import { bot } from '../../functions/remediators/s3/s3_enable_versioning';
import { type World, asidesOf, dispatchOf, newWorld, queued, redelivered } from '../../testing/world';
import { clientMaker } from '../aws/clients';
import type { Config } from '../config';
import { remediationSchema } from './message';
import { MAX_ATTEMPTS, work } from './serve';

const BUCKET = 'reports';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** A call as S3 sees it; the region is the one that it is signed for. */
interface Call {
  readonly method: string;
  readonly bucket: string;
  readonly region: string;
  readonly owner: string | undefined;
}

/** S3 with one bucket, which does not keep old versions. `wrongRegion` is its answer where the bucket does not lie. */
function fakeS3(lies: string, owner: string, wrongRegion: (region: string) => object) {
  const calls: Call[] = [];
  const bucket = { versioning: 'Off' };
  const handle = ({ method, path, headers }: Request) => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(headers.authorization ?? '')?.[1] ?? '';
    const call = {
      method,
      bucket: path.split('/')[1] ?? '',
      region,
      owner: headers['x-amz-expected-bucket-owner'],
    };
    calls.push(call);
    if (call.bucket !== BUCKET) return reply(404, { body: error('NoSuchBucket') });
    if (region !== lies) return reply(301, wrongRegion(lies));
    const told = { headers: { 'x-amz-bucket-region': lies } };
    if (call.owner !== owner)
      return reply(403, { ...told, body: method === 'HEAD' ? '' : error('AccessDenied') });
    if (method === 'HEAD') return reply(200, told);
    if (method === 'PUT') bucket.versioning = 'Enabled';
    const status = bucket.versioning === 'Off' ? '' : `<Status>${bucket.versioning}</Status>`;
    return reply(200, {
      body: method === 'PUT' ? '' : `<VersioningConfiguration>${status}</VersioningConfiguration>`,
    });
  };
  const requestHandler = { handle: (request: Request) => Promise.resolve({ response: handle(request) }) };
  return { calls, bucket, requestHandler };
}

function reply(
  statusCode: number,
  { body = '', ...rest }: { body?: string; statusCode?: number; headers?: object },
) {
  return { statusCode, headers: {}, body: Buffer.from(body), ...rest };
}

function error(code: string, message = code): string {
  return `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

/** Source: S3, error responses and redirects. */
const redirected = (region: string) => ({
  headers: { 'x-amz-bucket-region': region },
  body: error('PermanentRedirect'),
});
async function ask(world: World, { requestHandler }: ReturnType<typeof fakeS3>, extra: Partial<Config> = {}) {
  const { account, environment } = world;
  const target = { account: account.account, region: 'us-east-1', type: bot.resource, id: BUCKET };
  const finding = { source: 'test', id: 'finding-1', time: '2026-11-21T10:00:00Z' };
  const order = remediationSchema.parse({ version: 1, bot: bot.id, target, finding });
  let dispatch = await dispatchOf(world, order);
  let deliveries = 0;
  const config = { enable_auto_response: true, bots: { [bot.id]: { enabled: true } }, ...extra };
  const clients = clientMaker({ requestHandler });
  const deliver = async () => {
    if (deliveries++ > 0) dispatch = await redelivered(world, dispatch);
    return (await work(bot, { ...world, environment, config, clients }, dispatch, () => 300_000)).outcomes;
  };
  return Object.assign(deliver, { aside: async () => (await asidesOf(world, dispatch))[0] });
}

test('redirected: acts on that bucket through its own region, and on no other', async () => {
  const world = await newWorld();
  const s3 = fakeS3('eu-central-1', world.account.account, redirected);
  const deliver = await ask(world, s3);
  expect(await deliver()).toEqual(['fixed']);
  expect(s3.bucket).toEqual({ versioning: 'Enabled' });
  expect(new Set(s3.calls.map(({ bucket, owner }) => `${bucket} ${String(owner)}`))).toEqual(
    new Set([`${BUCKET} ${world.account.account}`]),
  );
  expect(s3.calls.map(({ method, region }) => `${method} ${region}`)).toEqual([
    ...['HEAD us-east-1', 'HEAD eu-central-1'],
    ...['GET eu-central-1', 'PUT eu-central-1', 'GET eu-central-1'],
  ]);
  expect(await world.journal.list()).toMatchObject([
    { status: 'fixed', target: { id: BUCKET, region: 'eu-central-1' } },
  ]);
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('redirected to a bucket of the name that is somebody else’s: refused there, and left alone', async () => {
  const world = await newWorld();
  const s3 = fakeS3('eu-central-1', '999999999999', redirected);
  const deliver = await ask(world, s3);
  expect(await deliver()).toEqual(['failed']);
  expect(world.told).toMatchObject([{ outcome: 'failed', reason: expect.stringMatching(/AccessDenied/) }]);
  expect(s3.calls.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'GET']);
  expect(s3.bucket).toEqual({ versioning: 'Off' });
  expect(await world.journal.list()).toEqual([]);
  expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
});

test('not told of the region at all: nothing is guessed, and given up in the end', async () => {
  const world = await newWorld();
  const s3 = fakeS3('eu-central-1', world.account.account, () => ({ statusCode: 400 }));
  const deliver = await ask(world, s3);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) expect(await deliver()).toEqual(['failed']);
  expect(await deliver.aside()).toMatchObject({ as: 'dead' });
  expect(s3.calls.every(({ method }) => method === 'HEAD')).toBe(true);
  expect(await world.journal.list()).toEqual([]);
});

/** A bucket that config.ts exempts in its own region, and a finding that names another (threats: other spellings). */
test('exemptions and regions are judged where the bucket lies, whatever region is said', async () => {
  const world = await newWorld();
  const s3 = fakeS3('eu-central-1', world.account.account, redirected);
  const exemptions = [
    { region: 'eu-central-1', resource: 'rep*', owner: 'web team', reason: 'public on purpose' },
  ];
  const deliver = await ask(world, s3, { exemptions, regions: ['us-east-1', 'eu-central-1'] });
  expect(await deliver()).toEqual(['exempt']);
  const elsewhere = await newWorld();
  const another = fakeS3('eu-central-1', elsewhere.account.account, redirected);
  const refused = await ask(elsewhere, another, { regions: ['us-east-1'] });
  await refused();
  expect(await refused.aside()).toMatchObject({
    as: 'dead',
    reason: expect.stringMatching(/region eu-central-1 is not one/),
  });
  expect([...s3.calls, ...another.calls].every(({ method }) => method === 'HEAD')).toBe(true);
});

test('a hold that was set in the bucket’s own region holds from every region', async () => {
  const world = await newWorld();
  const s3 = fakeS3('eu-central-1', world.account.account, redirected);
  const target = { account: world.account.account, region: 'eu-central-1', type: bot.resource, id: BUCKET };
  await world.journal.hold(bot.id, target, 'undone by ann');
  expect(await (await ask(world, s3))()).toEqual(['held']);
  expect(s3.bucket).toEqual({ versioning: 'Off' });
});
