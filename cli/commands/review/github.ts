import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { MARK } from './comment';

/** Where a comment goes. */
export interface PullRequest {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

const event = z.object({ pull_request: z.object({ number: z.int() }) });
const comments = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
);
const PAGE = 100;
/** More comments than anybody reads. */
const PAGES = 20;

/**
 * The pull request that a workflow of GitHub Actions runs for, from the variables that it sets.
 *
 * @throws Problem when it does not run for one, or has no token.
 */
export function pullRequestIn(env: Readonly<NodeJS.ProcessEnv>): PullRequest {
  const { GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = env;
  const found = path ? event.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  if (!found?.success || !repository) {
    throw new Problem('--comment is for workflows of GitHub that run on pull_request: there is none here');
  }
  if (!token) throw new Problem('--comment needs GITHUB_TOKEN: the token of the workflow');
  return {
    api: env.GITHUB_API_URL ?? 'https://api.github.com',
    repository,
    number: found.data.pull_request.number,
    token,
  };
}

/**
 * Puts the comment into the pull request, in place of an earlier one of ours.
 *
 * @returns what was done; `nothing` where there is neither an earlier comment nor anything to say.
 * @throws Problem when GitHub does not take it.
 */
export async function putComment(
  where: PullRequest,
  body: string,
  isWorthSaying: boolean,
): Promise<'written' | 'updated' | 'nothing'> {
  const issue = `/repos/${where.repository}/issues/${where.number}/comments`;
  const own = await ownComment(where, issue);
  if (own !== undefined) {
    await ask(where, 'PATCH', `/repos/${where.repository}/issues/comments/${own}`, { body });
    return 'updated';
  }
  if (!isWorthSaying) return 'nothing';
  await ask(where, 'POST', issue, { body });
  return 'written';
}

/** Anybody may write our mark into a comment; only a workflow's is ours. */
async function ownComment(where: PullRequest, path: string): Promise<number | undefined> {
  for (let page = 1; page <= PAGES; page++) {
    const found = comments.parse(await ask(where, 'GET', `${path}?per_page=${PAGE}&page=${page}`));
    const own = found.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(MARK));
    if (own) return own.id;
    if (found.length < PAGE) return undefined;
  }
  return undefined;
}

/** Source: GitHub's REST API, Issue comments, version 2022-11-28. */
async function ask(
  { api, token }: PullRequest,
  method: 'GET' | 'PATCH' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'selfheal',
      'x-github-api-version': '2022-11-28',
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  }).catch((error: unknown) => {
    throw new Problem(`GitHub cannot be reached at ${api}: ${String(error)}`, EXIT.failed);
  });
  if (response.ok) return response.json();
  const why =
    response.status === 403 || response.status === 404
      ? ': the token may not write comments here; give the job `permissions: { pull-requests: write }` (pull requests from forks never have it)'
      : '';
  throw new Problem(`GitHub answers ${response.status} to ${method} ${path}${why}`, EXIT.failed);
}
