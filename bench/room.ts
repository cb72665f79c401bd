// `npm run room`: whether there is room for 210 bots. Fills the catalogue up with planned bots in a copy of the sources,
// deploys all of them with `serverless deploy` to local AWS, counts, and has cfn-lint look at the templates. Exit 1 when
// something is refused.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { catalogue as today } from '../functions/remediators/catalogue';
import { startAws } from '../local/aws';
import { cfnLint } from '../local/cfn-lint';
import { deploy } from '../local/deploy';
import { enterLocalEnvironment } from '../local/loopback';
import { copySources, templatesIn } from '../local/package';
import type { CatalogueEntry } from '../shared/catalogue';
import { ALL, withPlanned } from './planned';

const REGION = 'eu-west-1';
/** A bot whose code the planned ones have. */
const LIKE = 'kms_enable_rotation';
const FOLDER = 'functions/remediators';

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
    console.log(`${catalogue.length} bots, ${catalogue.length - today.length} of them only planned`);
    const started = Date.now();
    const env = { SELFHEAL_CONFIG: 'test/config.all.ts' };
    await deploy({ directory, env, endpoint: aws.endpoint, region: REGION });
    console.log(`deployed in ${Math.round((Date.now() - started) / 1000)} s`);
    const templates = templatesIn(join(directory, '.serverless'));
    for (const { path, resources } of templates) {
      const kilobytes = Math.round(statSync(path).size / 1024);
      console.log(
        `${String(Object.keys(resources).length).padStart(4)} resources, ${kilobytes} KB: ${path.split(/[\\/]/).at(-1) ?? ''}`,
      );
    }
    const { stacks, functions } = await deployed();
    console.log(`${stacks} stacks and ${functions} functions are there`);
    if (stacks !== templates.length || functions < ALL) throw new Error('not all of it was deployed');
    const found = await cfnLint(...templates.map(({ path }) => path));
    if (JSON.stringify(found) !== '{"stdout":"","stderr":""}') throw new Error(`cfn-lint: ${String(found)}`);
    console.log('cfn-lint finds nothing');
  } finally {
    await aws.stop();
    remove();
  }
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

async function deployed(): Promise<{ readonly stacks: number; readonly functions: number }> {
  const counts = { stacks: 0, functions: 0 };
  const cloudFormation = new CloudFormationClient({ region: REGION });
  for await (const { StackSummaries = [] } of paginateListStacks({ client: cloudFormation }, {})) {
    counts.stacks += StackSummaries.filter(({ StackStatus }) =>
      /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus ?? ''),
    ).length;
  }
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient({ region: REGION }) },
    {},
  )) {
    counts.functions += Functions.length;
  }
  return counts;
}
