import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { documentOf, pageParts, policyOf } from '../../report/document';
import { type ReportOptions, gatherer } from '../../report/gather';
import type { Result, Session } from '../../session';
import { Problem, explain } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { printable, text } from '../../terminal/print';
import { dashboardServer } from './server';

/** Options of `selfheal dashboard`. */
export interface DashboardOptions extends ReportOptions {
  /** 0: any that is free. */
  readonly port?: number;
  /** Seconds between two looks. */
  readonly every?: number;
}

/** `selfheal dashboard`: the report, served on this machine and kept up to date until Ctrl-C. */
export async function dashboard(session: Session, options: DashboardOptions): Promise<Result> {
  const { port = 0, every = 15 } = options;
  const { read } = await gatherer(session, options);
  const page = await pageParts();
  // The first look finds what is wrong with the installation or the credentials before an address is printed.
  const first = await session.during('reading the journal and the queues', read());
  const token = randomBytes(16).toString('hex');
  const data = keptFor(every * 1_000, read, first);
  const server = dashboardServer({
    token,
    policy: policyOf(page, true),
    page: async () => documentOf(await data(), page, { everySeconds: every }),
    data: async () => JSON.stringify(await data()),
    failed: (error) => {
      session.note(
        printable(explain(error, { stage: session.options.stage, region: session.options.region }).sentence),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      reject(
        new Problem(
          `port ${port} of this machine cannot be used: ${why}: name another with --port, or leave it out`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`;
  session.say(text`${session.paint.bold(printable(url))}\nOnly this machine can open it. Ctrl-C ends it.`);
  await interrupted(session);
  server.close();
  server.closeAllConnections();
  return { exit: EXIT.fine, document: { url } };
}

async function interrupted({ io }: Session): Promise<void> {
  let ignore: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    ignore = io.onInterrupt(resolve);
  });
  ignore();
}

/** The same answer for everybody who asks within that time: ten windows are one look at AWS. */
function keptFor<T>(ms: number, read: () => Promise<T>, first: T): () => Promise<T> {
  let kept: Promise<T> = (async () => Promise.resolve(first))();
  let until = Date.now() + ms / 2;
  return () => {
    if (Date.now() < until) return kept;
    until = Date.now() + ms / 2;
    const next = read();
    next.catch(() => {
      // Who asks next shall not be told what was wrong before.
      until = 0;
    });
    return (kept = next);
  };
}
