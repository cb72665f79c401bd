/** Every bot of an installation is handed a message by the coordinator, and answers. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAws } from '../local/aws';
import { startLambdaHost } from '../local/lambda-host';
import { botSuffix } from '../deploy/template';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import type { CatalogueEntry } from '../shared/catalogue';
import type { Remediation } from '../shared/worker/message';
import { enqueue } from '../shared/worker/queue';
import { type Home, nobodys } from './nobody';

/** Functions that start at once; each is a process. */
const TOGETHER = 10;
/** One resource's messages are answered one after the other, a few in a tick. */
const MOST_TICKS = 12;
/** The functions that a queue feeds; the coordinator's is called by what is asked here. */
const CORE = ['config-rules', 'findings', 'notifier', 'security-hub'];
/** What is kept of a function's log, to say why it failed. */
const LINES = 3;

/** What findings have to say to bots that ask for more than the resource. */
const SAID: Readonly<Record<string, unknown>> = {
  cidr: '10.0.0.0/8',
  direction: 'inbound',
  from: '0.0.0.0/0',
  port: 22,
  protocol: 'tcp',
  scope: '0.0.0.0/0',
  // What test/config.all.ts allows.
  to: '10.0.0.0/8',
};

/** How a bot's function answered. */
export interface Answer {
  readonly bot: string;
  /** `gone`, `compliant` …; of one that could not be run, what Lambda says of it; `nothing`: it was not invoked. */
  readonly outcome: string;
  /** The end of its log. */
  readonly log: string;
  readonly milliseconds: number;
}

/** Where the installation is; its config.ts says `coordinator: 'tick'`. */
export interface Asked extends Home {
  readonly aws: LocalAws;
  readonly queueUrl: string;
  readonly logDirectory: string;
}

/**
 * Has the deployed coordinator hand a message about {@link nobodys} resource to the function of each bot, so that each
 * bundle is loaded and each role makes its first reads; and calls the functions of the core with nothing to do.
 */
export async function askAll(
  catalogue: readonly CatalogueEntry[],
  { aws, account, region, queueUrl, logDirectory }: Asked,
): Promise<readonly Answer[]> {
  const outcomes = new Map<string, { readonly outcome: string; readonly milliseconds: number }>();
  const logs = new Map<string, string[]>();
  const host = await startLambdaHost({
    endpoint: aws.endpoint,
    logDirectory,
    idleMs: 5_000,
    onInvoke: ({ functionName, result, milliseconds }) => {
      const [outcome] = result.functionError ? [] : outcomesIn(result.payload);
      outcomes.set(functionName, { outcome: outcome ?? clipped(result.payload), milliseconds });
    },
    onLog: (functionName, line) => {
      logs.set(functionName, [...(logs.get(functionName) ?? []), line].slice(-LINES));
    },
  });
  const nameOf = (suffix: string) => `selfheal-prod-${suffix}`;
  const invoke = (suffix: string, event: object) =>
    host.invoke(`arn:aws:lambda:${region}:${account}:function:${nameOf(suffix)}`, JSON.stringify(event));
  const answerOf = (bot: string, name: string): Answer => ({
    bot,
    ...(outcomes.get(name) ?? { outcome: 'nothing', milliseconds: 0 }),
    log: (logs.get(name) ?? []).join('\n'),
  });
  const functionOf = ({ id }: CatalogueEntry) => nameOf(botSuffix(id));
  try {
    await aws.attachLambdaHost(host.url);
    const sqs = new SQSClient({ ...SQS_DEFAULTS, region });
    for (let at = 0; at < catalogue.length; at += TOGETHER) {
      const asked = catalogue.slice(at, at + TOGETHER);
      const messages = asked.map((entry, index) => messageFor(entry, at + index, { account, region }));
      await enqueue(sqs, queueUrl, messages);
      for (
        let tick = 0;
        tick < MOST_TICKS && asked.some((bot) => !outcomes.has(functionOf(bot)));
        tick += 1
      ) {
        const { functionError, payload } = await invoke('coordinator', {});
        if (functionError) throw new Error(`the coordinator fails: ${clipped(payload)}`);
        await host.idle();
      }
    }
    for (const core of CORE) {
      const { functionError, payload } = await invoke(core, { Records: [] });
      if (functionError) throw new Error(`${nameOf(core)} fails: ${clipped(payload)}`);
    }
    return catalogue.map((entry) => answerOf(entry.id, functionOf(entry)));
  } finally {
    await host.stop();
  }
}

function messageFor(entry: CatalogueEntry, number: number, home: Home): Remediation {
  return {
    version: 1,
    bot: entry.id,
    target: nobodys(entry, number, home),
    params: Object.fromEntries(saidTo(entry).map((name) => [name, SAID[name]])),
    finding: { source: 'generic', id: `room-${number}`, time: new Date().toISOString() },
  };
}

function saidTo({ params: { required = [] } }: CatalogueEntry): readonly string[] {
  return (required as readonly string[]).filter((name) => name in SAID);
}

function outcomesIn(payload: string): readonly string[] {
  return (JSON.parse(payload) as { outcomes?: string[] } | null)?.outcomes ?? [];
}

function clipped(text: string): string {
  return text.slice(0, 200);
}
