// `npm run room`: whether there is room for 210 bots, and whether all that there are can be deployed and work. Fills the
// catalogue up with planned bots in a copy of the sources, deploys all of them with `serverless deploy` to local AWS,
// counts what is there, has every bot answer a message, and has cfn-lint look at the templates. Exit 1 when something
// is refused, missing or fails.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { catalogue as today } from '../functions/remediators/catalogue';
import { type LocalAws, startAws } from '../local/aws';
import { cfnLint } from '../local/cfn-lint';
import { deploy } from '../local/deploy';
import { enterLocalEnvironment } from '../local/loopback';
import { type PackagedTemplate, copySources, templatesIn } from '../local/package';
import type { CatalogueEntry } from '../shared/catalogue';
import { REGION } from './aws';
import { type Answer, askAll } from './asking';
import { TYPES, countDeployed } from './room-counts';
import { ACCOUNT } from './messages';
import { withPlanned } from './planned';

/** A bot whose code the planned ones have. */
const LIKE = 'kms_enable_rotation';
const FOLDER = 'functions/remediators';
const ANSWERS = ['gone', 'compliant', 'fixed', 'planned', 'held', 'waiting', 'unverified'];
/** Every bot, and a coordinator that ends once the queue is empty. */
const CONFIG = `import all from './config.all';
export default { ...all, coordinator: 'tick' };
`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

async function main(): Promise<void> {
  const { directory, remove } = copySources();
  const aws = await startAws();
  enterLocalEnvironment(aws.endpoint, REGION);
  try {
    const catalogue = withPlanned(today);
    addTo(directory, catalogue.slice(today.length));
    writeFileSync(join(directory, 'test/config.room.ts'), CONFIG);
    console.log(`${catalogue.length} bots: ${today.length} real, ${catalogue.length - today.length} planned`);
    const env = { SELFHEAL_CONFIG: 'test/config.room.ts' };
    await timed('deployed', () => deploy({ directory, env, endpoint: aws.endpoint, region: REGION }));
    const made = join(directory, '.serverless');
    const templates = templatesIn(made);
    sayTemplates(templates);
    sayZips(made, catalogue);
    await countAll(templates);
    const answers = await timed('asked', () => ask(aws, join(directory, 'logs')));
    judge(answers);
    await timed('linted', () => lint(templates));
  } finally {
    await aws.stop();
    remove();
  }
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work();
  console.log(`${what} in ${Math.round((Date.now() - started) / 1000)} s`);
  return result;
}

/** Adds bots to the generated files of a copy. */
function addTo(directory: string, planned: readonly CatalogueEntry[]): void {
  const file = (name: string) => join(directory, FOLDER, name);
  const rewrite = (name: string, change: (text: string) => string) => {
    writeFileSync(file(name), change(readFileSync(file(name), 'utf8')));
  };
  const lines = (line: (entry: CatalogueEntry) => string) =>
    planned.map((entry) => `${line(entry)}\n`).join('');
  rewrite('catalogue.ts', (text) =>
    text.replace(/\];\s*$/, `${lines((entry) => `  ${JSON.stringify(entry)},`)}];\n`),
  );
  rewrite('index.ts', (text) =>
    text.replace('= {\n', `= {\n${lines(({ id }) => `  ${id}: () => import('./kms/${LIKE}'),`)}`),
  );
  const handler = readFileSync(file(`handlers/${LIKE}.ts`), 'utf8');
  for (const { id } of planned) writeFileSync(file(`handlers/${id}.ts`), handler);
}

/** Of what is over CloudFormation's quotas, `serverless deploy` has said so: see deploy/limits.ts. */
function sayTemplates(templates: readonly PackagedTemplate[]): void {
  for (const { path, resources } of templates) {
    const kilobytes = Math.round(statSync(path).size / 1024);
    console.log(
      `${String(Object.keys(resources).length).padStart(4)} resources, ${kilobytes} KB: ${basename(path)}`,
    );
  }
}

function sayZips(directory: string, catalogue: readonly CatalogueEntry[]): void {
  const sizes = catalogue
    .map(({ id }) => ({ id, bytes: statSync(join(directory, `${id}.zip`)).size }))
    .sort((one, other) => other.bytes - one.bytes);
  const [largest] = sizes;
  const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
  console.log(
    `${sizes.length} zips of bots, ${(sum / 2 ** 20).toFixed(1)} MB; the largest has ${Math.round((largest?.bytes ?? 0) / 1024)} KB: ${largest?.id ?? ''}`,
  );
}

/** What local AWS has beside what the templates declare. */
async function countAll(templates: readonly PackagedTemplate[]): Promise<void> {
  const declared = templates.flatMap(({ resources }) => Object.values(resources));
  const there = await countDeployed(REGION);
  const missing: string[] = [];
  for (const type of TYPES) {
    const root = type === 'AWS::CloudFormation::Stack' ? 1 : 0;
    const wanted = declared.filter(({ Type }) => Type === type).length + root;
    console.log(`${String(there[type]).padStart(4)} of ${wanted} ${type} are there`);
    if (there[type] !== wanted) missing.push(type);
  }
  if (missing.length > 0) throw new Error(`not all of it was deployed: ${missing.join(', ')}`);
}

async function ask(aws: LocalAws, logDirectory: string): Promise<readonly Answer[]> {
  const { Stacks } = await new CloudFormationClient({ region: REGION }).send(
    new DescribeStacksCommand({ StackName: 'selfheal-prod' }),
  );
  const outputs = Stacks?.[0]?.Outputs ?? [];
  const queueUrl = outputs.find(({ OutputKey }) => OutputKey === 'RemediationQueueUrl')?.OutputValue;
  if (queueUrl === undefined) throw new Error('the stack has no output RemediationQueueUrl');
  return askAll(today, { aws, account: ACCOUNT, region: REGION, queueUrl, logDirectory });
}

/**
 * Bots about resources that are not there say so; those about an account's settings do their work, or say why not. One
 * that worked and does not find it done was run all the same: local AWS does not keep everything that is written.
 */
function judge(answers: readonly Answer[]): void {
  const counts = new Map<string, number>();
  for (const { outcome } of answers) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  console.log(`answers: ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
  const unverified = answers.filter(({ outcome }) => outcome === 'unverified');
  if (unverified.length > 0) console.log(`unverified: ${unverified.map(({ bot }) => bot).join(', ')}`);
  const failed = answers.filter(({ outcome }) => !ANSWERS.includes(outcome));
  for (const { bot, outcome, log } of failed) console.error(`${bot}: ${outcome}\n${log}`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${answers.length} bots did not answer`);
}

async function lint(templates: readonly PackagedTemplate[]): Promise<void> {
  const found = await cfnLint(...templates.map(({ path }) => path));
  if (JSON.stringify(found) !== '{"stdout":"","stderr":""}') throw new Error(`cfn-lint: ${String(found)}`);
  console.log('cfn-lint finds nothing');
}
