import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { catalogue } from '../../../functions/remediators/catalogue';
import type { Config } from '../../../shared/config';
import { run } from '../../testing';
import { changesBetween } from './changes';
import { MARK, commentOf, literal } from './comment';

const config = (more: Partial<Config> = {}): Config => ({ enable_auto_response: false, bots: {}, ...more });

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly body: { readonly body?: string };
}
type Comment = Readonly<Record<string, unknown>>;

describe('what changes', () => {
  test('bots that are added, removed, or work otherwise', () => {
    const before = config({
      bots: {
        kms_enable_rotation: { enabled: true },
        sg_close_ports: { enabled: true, mode: 'plan', params: { ports: [22], split: true } },
        ec2_stop_instance: { enabled: false },
      },
    });
    const after = config({
      bots: {
        sg_close_ports: { enabled: true, params: { split: true, ports: [22, 3389] } },
        ec2_stop_instance: { enabled: true, mode: 'auto' },
        iam_delete_access_key: { enabled: true },
      },
    });
    expect(changesBetween(before, after, catalogue)).toEqual(
      [
        {
          kind: 'changed',
          what: 'bot sg_close_ports',
          before: 'mode plan, rule of its own, params {"ports":[22],"split":true}',
          after: 'mode auto, rule of its own, params {"ports":[22,3389],"split":true}',
          beware: 'repairs by itself, and is disruptive',
        },
        {
          kind: 'added',
          what: 'bot ec2_stop_instance',
          after: 'mode auto',
          beware: 'repairs by itself, and is disruptive',
        },
        { kind: 'added', what: 'bot iam_delete_access_key', after: expect.stringMatching(/^mode plan/) },
        { kind: 'removed', what: 'bot kms_enable_rotation', before: 'mode auto, rule of its own' },
      ].sort((one, other) => orderOf(one.what) - orderOf(other.what)),
    );
  });

  test('everything else by its place; the same in another order is no change; an ExternalId is not shown', () => {
    const before = config({
      limits: { perAccount: 100, perBot: 20 },
      accounts: { mode: 'multi', externalId: 'one-secret', accounts: ['111122223333', '444455556666'] },
      exemptions: [{ resource: 'website', reason: 'public on purpose', owner: 'web', approver: 'us' }],
    });
    const after = config({
      enable_auto_response: true,
      limits: { perBot: 20, perAccount: 50 },
      accounts: { mode: 'multi', externalId: 'other-secret', accounts: ['444455556666', '111122223333'] },
    });
    const changes = changesBetween(before, after, catalogue);
    expect(changes).toEqual([
      { kind: 'changed', what: 'accounts.externalId', before: 'hidden', after: 'hidden' },
      {
        ...{ kind: 'changed', what: 'enable_auto_response', before: 'false', after: 'true' },
        beware: 'what waits in the queue is done',
      },
      expect.objectContaining({ kind: 'removed', beware: 'bots may act there again' }),
      { kind: 'changed', what: 'limits.perAccount', before: '100', after: '50' },
    ]);
    expect(changesBetween(before, before, catalogue)).toEqual([]);
  });
});

describe('the comment', () => {
  test('text of config.ts is neither markup nor a mention', () => {
    const evil = '</code>|<img src=x>\n@octocat [x](javascript:y) `*_~ https://evil.example';
    const comment = commentOf([{ kind: 'added', what: evil, after: evil }], evil);
    const foreign = comment.replace('**config.ts cannot be deployed:**', '');
    expect(foreign).not.toMatch(/[@[\]*~]|<img|https:/);
    // One row, in spite of the line end and the bar.
    expect(foreign.match(/^\| added .*$/gm)).toEqual([expect.stringMatching(/^(\|[^|]*){5}\|$/)]);
    expect(literal('a|b')).toBe('a&#124;b');
  });

  test('a long one is cut at a row', () => {
    const changes = Array.from({ length: 3_000 }, (_, at) => ({
      kind: 'added' as const,
      what: `bot b${at}`,
    }));
    const comment = commentOf(changes, undefined);
    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toMatch(/\|\n\n…and \d+ more: run `npx selfheal review`\.$/);
  });
});

describe('in a pull request', () => {
  let folder: string;
  let asked: Asked[];
  let comments: Comment[];
  let refuse: boolean;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const said = (body === '' ? {} : JSON.parse(body)) as Asked['body'];
      asked.push({ method, path: url, token: headers.authorization, body: said });
      response.writeHead(refuse ? 403 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(method === 'GET' ? comments : { id: 1 }));
    });
  });
  const { env } = process;
  const after = config({ bots: { kms_enable_rotation: { enabled: true, mode: 'plan' } } });

  beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)));
  afterAll(() => new Promise((closed) => server.close(closed)));
  beforeEach(() => {
    [asked, comments, refuse] = [[], [], false];
    folder = mkdtempSync(join(tmpdir(), 'selfheal-review-test-'));
    const path = join(folder, 'config.ts');
    writeFileSync(path, 'export default { enable_auto_response: false, bots: {} };\n');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'one');
    writeFileSync(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 7 } }));
    process.env = {
      ...env,
      SELFHEAL_CONFIG: path,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_REPOSITORY: 'acme/cloud',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GITHUB_TOKEN: 'a-token',
    };
  });
  afterEach(() => {
    process.env = env;
    rmSync(folder, { recursive: true });
  });

  test('the change is written once, and brought up to date', async () => {
    const { exit, out } = await run(['review', '--comment'], { config: after });
    expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining('pull request 7: written') });
    const [, posted] = asked;
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repos/acme/cloud/issues/7/comments?per_page=100&page=1',
      'POST /repos/acme/cloud/issues/7/comments',
    ]);
    expect(posted?.token).toBe('Bearer a-token');
    expect(posted?.body.body).toContain('| added | <code>bot kms&#95;enable&#95;rotation</code> |');
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain(posted?.body.body ?? 'nothing');

    comments = [
      { id: 41, body: `${MARK} forged`, user: { type: 'User' } },
      { id: 42, body: posted?.body.body, user: { type: 'Bot' } },
    ];
    await run(['review', '--comment'], { config: config() });
    expect(asked.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/repos/acme/cloud/issues/comments/42',
      body: { body: expect.stringContaining('Nothing changes') },
    });
  });

  test('nothing is written where nothing changes; a config that is wrong is', async () => {
    await run(['review', '--comment'], { config: config() });
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
    const wrong = { bots: { kms_enable_rotaton: { enabled: true } } } as Partial<Config>;
    expect((await run(['review', '--comment'], { config: wrong })).exit).toBe(1);
    expect(asked.at(-1)?.body.body).toMatch(/cannot be deployed.*\n\n> .*kms&#95;enable&#95;rotaton/);
  });

  test('what is missing is said: the right to comment, the token, the pull request, the revision', async () => {
    refuse = true;
    const denied = await run(['review', '--comment'], { config: after });
    expect(denied).toMatchObject({ exit: 1, err: expect.stringContaining('pull-requests: write') });
    delete process.env.GITHUB_TOKEN;
    expect((await run(['review', '--comment'], { config: after })).err).toContain('needs GITHUB_TOKEN');
    delete process.env.GITHUB_EVENT_PATH;
    expect((await run(['review', '--comment'], { config: after })).err).toContain('run on pull_request');
    const elsewhere = await run(['review', '--base', '--output=x'], { config: after });
    expect(elsewhere).toMatchObject({ exit: 2, err: expect.stringContaining('is no revision') });
  });
});

function orderOf(what: string): number {
  return catalogue.findIndex(({ id }) => what === `bot ${id}`);
}
