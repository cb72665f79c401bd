/**
 * `npm run new-bot -- [--setting] <service> <id>` writes a bot, its page and its test, ready to be filled in; `--setting` for one
 * attribute that should have another value.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = `---
securityHub: [TODO.1]
---

TODO: what can happen while the fault stands.

- TODO: what changes, what stays, what may stop working, what undo does, a sentence each.

<https://docs.aws.amazon.com/TODO>
`;

const BOTS = join(__dirname, '../functions/remediators');
const CLIENTS = join(__dirname, '../node_modules/@aws-sdk');

const words = process.argv.slice(2);
const isSetting = words.includes('--setting');
const [service = '', id = ''] = words.filter((word) => word !== '--setting');
const fault = wrong(service, id);
if (fault !== undefined) {
  console.error(fault);
  process.exit(1);
}
mkdirSync(join(BOTS, service), { recursive: true });
writeFileSync(path('.ts'), isSetting ? settingSource(service, id) : botSource(service, id));
writeFileSync(path('.md'), PAGE);
writeFileSync(path('.test.ts'), isSetting ? settingTestSource(service, id) : testSource(id));
console.log(`written: functions/remediators/${service}/${id}.ts, its page and its test.

Next: fill in every TODO; then
  npm run generate
  npx jest ${id}
  and enable it in config.ts`);

function path(ending: string): string {
  return join(BOTS, service, `${id}${ending}`);
}

function wrong(folder: string, name: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(folder) || !/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)) {
    return 'usage: npm run new-bot -- [--setting] <service> <id>, for example: npm run new-bot -- --setting rds rds_enable_deletion_protection';
  }
  if (name.length > 50) return `${name} is longer than 50 characters`;
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

function settingSource(folder: string, name: string): string {
  const client = `${pascal(folder)}Client`;
  const key = folder.replaceAll('-', '');
  return `import { ${client} } from '@aws-sdk/client-${folder}';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: '${name}',
  title: 'TODO: what it makes true, as an order',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: [], write: [] },
  // What all bots of one type share (resource, clients, gone) belongs into a constant in lib/.
  resource: 'AWS::TODO::TODO',
  clients: { ${key}: ${client} },
  gone: [],

  // Reads only. Undefined: the resource is gone. What obstacle needs stands beside \`is\`.
  inspect: (_aws, { target }) => Promise.resolve<{ is: boolean; id: string }>({ is: false, id: target.id }),
  // The value, a function of the parameters, or atLeast, includes, oneOf.
  want: true,
  says: 'TODO: what is wrong, for a person to act on',
  // The one command for plan and undo, as data: { ${key}: new SomeCommand({ …, Attribute: value }) }.
  write: (value) => {
    throw new Error(\`TODO: write \${value}\`);
  },
});
`;
}

function settingTestSource(folder: string, name: string): string {
  const client = `${pascal(folder)}Client`;
  return `import { ${client} } from '@aws-sdk/client-${folder}';
import { testSetting } from '../../../testing/setting';
import { bot } from './${name}';

testSetting(bot, {
  wrong: false,
  right: true,
  given: ({ client }, value) =>
    Promise.reject(new Error(\`TODO: make the resource by \${typeof client(${client})}, with \${value}\`)),
  violation: 'TODO: what it says',
  writes: ['TODO:Action'],
  untouched: ({ client }, id) =>
    Promise.reject(new Error(\`TODO: read another attribute of \${id} by \${typeof client(${client})}\`)),
  gone: 'TODO-an-id-that-names-nothing',
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
