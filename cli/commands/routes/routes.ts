import { ordersIn } from '../../../functions/findings/routing';
import { settingsOf } from '../../../shared/config';
import { EXIT } from '../../terminal/exit-codes';
import { joined, printable, text } from '../../terminal/print';
import type { Result, Session } from '../../session';
import { table } from '../../terminal/table';

const COLUMNS = { source: 'whole', finding: 'name', 'what is done': 'prose', from: 'whole' } as const;

/** The names of the standards, and the source through which their controls come in. */
const STANDARDS = {
  securityHub: 'securityhub',
  conformity: 'conformity',
  config: 'config',
  prowler: 'prowler',
} as const;

interface Line {
  readonly source: string;
  readonly finding: string;
  readonly order: string;
  readonly from: 'config.ts' | 'controls';
  readonly minSeverity?: number;
}

/** `selfheal routes`: what is done about which finding, by config.ts and by the controls of enabled bots. */
export async function routes(session: Session): Promise<Result> {
  const config = await session.localConfig();
  const catalogue = await session.catalogue();
  const named = Object.entries(config.routes ?? {}).flatMap(([source, table]) =>
    Object.entries(table).flatMap(([finding, route]): Line[] => {
      const { auto, ...rest } = typeof route === 'string' ? { auto: route } : route;
      return ordersIn(auto).map((order) => ({ source, finding, order, from: 'config.ts', ...rest }));
    }),
  );
  const isNamed = (source: string, finding: string) =>
    named.some((line) => line.source === source && line.finding.toLowerCase() === finding.toLowerCase());
  const answered = catalogue
    .filter(({ id }) => settingsOf(config, id))
    .flatMap(({ id, controls }) =>
      Object.entries(STANDARDS).flatMap(([standard, source]) =>
        (controls[standard as keyof typeof STANDARDS] ?? [])
          .filter((control) => !isNamed(source, control))
          .map((finding): Line => ({ source, finding, order: id, from: 'controls' })),
      ),
    );
  const lines = [...named, ...answered].sort((one, other) => one.source.localeCompare(other.source));
  const rows = lines.map(({ source, finding, order, from, minSeverity }) => [
    printable(source),
    printable(minSeverity === undefined ? finding : `${finding} from severity ${minSeverity}`),
    printable(order),
    printable(from),
  ]);
  const foot = text`CloudGuard's AUTO: tags and messages of the generic form name their bots themselves. AWS Config says nothing of a rule's parameters: bots act with their own. What is not listed is declined: the CloudWatch metric FindingsWithoutRoute in the namespace selfheal counts it by source, and the log of the findings function names each.`;
  session.say(
    joined(
      [
        ...(rows.length > 0 ? [table(session.paint, session.io.columns, COLUMNS, rows)] : []),
        session.paint.dim(foot),
      ],
      '\n\n',
    ),
  );
  return { exit: EXIT.fine, document: { routes: lines } };
}
