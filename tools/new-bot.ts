/** `npm run new-bot -- <service> <id>` writes a bot and its test, ready to be filled in. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BOTS = join(__dirname, '../functions/remediators');
const CLIENTS = join(__dirname, '../node_modules/@aws-sdk');

const [service = '', id = ''] = process.argv.slice(2);
const fault = wrong(service, id);
if (fault !== undefined) {
  console.error(fault);
  process.exit(1);
}
mkdirSync(join(BOTS, service), { recursive: true });
writeFileSync(path('.ts'), botSource(service, id));
writeFileSync(path('.test.ts'), testSource(id));
console.log(`written: functions/remediators/${service}/${id}.ts and its test.

Next: say what it reads, judges and writes; then
  npm run generate
  npx jest ${id}
  and enable it in config.ts`);

function path(ending: string): string {
  return join(BOTS, service, `${id}${ending}`);
}

function wrong(folder: string, name: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(folder) || !/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)) {
    return 'usage: npm run new-bot -- <service> <id>, for example: npm run new-bot -- s3 s3_enable_versioning';
  }
  if (name.length > 40) return `${name} is longer than 40 characters: its function's name would be too long`;
  if (existsSync(path('.ts'))) return `functions/remediators/${folder}/${name}.ts is there already`;
  if (!existsSync(join(CLIENTS, `client-${folder}`))) {
    return `@aws-sdk/client-${folder} is not installed: npm install @aws-sdk/client-${folder} (there are ${clients()})`;
  }
  return undefined;
}

function clients(): string {
  return readdirSync(CLIENTS)
    .filter((name) => name.startsWith('client-'))
    .map((name) => name.replace('client-', ''))
    .join(', ');
}

function botSource(folder: string, name: string): string {
  const client = `${pascal(folder)}Client`;
  return `import { ${client} } from '@aws-sdk/client-${folder}';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: '${name}',
  title: 'TODO: what it makes true, as an order',
  resource: 'AWS::TODO::TODO',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  permissions: { read: [], write: [] },
  docs: {
    why: 'TODO: what can happen while the fault stands',
    effect: 'TODO: what changes, what stays, what may stop working',
    references: [],
  },
  clients: { ${folder.replaceAll('-', '')}: ${client} },

  // Reads only. Undefined: the resource is gone (see shared/aws/errors.ts).
  inspect: (_aws, { target }) => Promise.resolve({ id: target.id }),

  // Undefined: all is as wanted. Else one sentence that a person can act on.
  check: () => undefined,

  // The writes that make check pass, as data: [{ ${folder.replaceAll('-', '')}: new SomeCommand({ … }) }].
  plan: () => [],

  // The writes that lead back to the state before, or { irreversible: 'why' }.
  undo: () => [],
});
`;
}

function testSource(name: string): string {
  return `import { testBot } from '../../../testing/contract';
import { bot } from './${name}';

testBot(bot, {
  violating: [
    {
      name: 'TODO: the fault, with neighbours that must survive',
      given: () => Promise.reject(new Error('TODO: make the resource and answer with its id')),
      violation: 'TODO',
      writes: ['TODO:Action'],
    },
  ],
  compliant: [
    {
      name: 'TODO: the same resource as it should be',
      given: () => Promise.reject(new Error('TODO: make the resource and answer with its id')),
    },
  ],
  gone: 'TODO-an-id-that-names-nothing',
});
`;
}

/** `dynamodb` is DynamoDBClient, `sns` SNSClient: the SDK's own name is looked up, not guessed. */
function pascal(folder: string): string {
  const names = Object.keys(
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(join(CLIENTS, `client-${folder}`)) as object,
  );
  return (
    names.find((name) => /^[A-Z]\w*Client$/.test(name) && name !== '__Client')?.replace(/Client$/, '') ?? ''
  );
}
