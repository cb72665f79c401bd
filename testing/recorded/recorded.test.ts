/**
 * What AWS answers where something is missing or wrong, beside what local AWS answers. Facts that are `recorded` come
 * from answers of AWS that LocalStack's tests keep (`tests/aws/services`, marked as validated), `documented` ones from
 * AWS's API references. Only the facts are here, in words of our own files.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../shared/bot/bot';
import { type Account, newAccount } from '../account';

/** An error that AWS answers a call with. */
interface Fact {
  readonly operation: string;
  readonly input: object;
  /** Calls before it that must go well. */
  readonly given?: readonly (readonly [operation: string, input: object])[];
  readonly code: string;
  readonly status: number;
  /** `{}` for what differs from call to call; absent where no bot reads it and moto words it in another way. */
  readonly message?: string;
  readonly source: 'recorded' | 'documented';
}

type Sdk = Readonly<Record<string, new (input: object) => never>>;

const files = readdirSync(__dirname).filter((file) => file.endsWith('.json'));

describe.each(files.map((file) => file.replace('.json', '')))('%s', (service) => {
  const facts = JSON.parse(readFileSync(join(__dirname, `${service}.json`), 'utf8')) as Fact[];

  test.each(facts.map((fact, index) => ({ ...fact, title: `${index + 1}: ${fact.operation}` })))(
    '$title → $code',
    async (fact) => {
      const account = await newAccount();
      const words = {
        '{account}': account.account,
        '{endpoint}': process.env.AWS_ENDPOINT_URL ?? '',
        '{name}': `n${randomUUID()}`,
      };
      const send = await sender(service, account);
      for (const [operation, input] of fact.given ?? []) await send(operation, filled(input, words));
      const error: unknown = await send(fact.operation, filled(fact.input, words)).then(
        (answer) => answer,
        (thrown: unknown) => thrown,
      );
      const { code, status, message } = said(error);
      expect({ code, status }).toEqual({ code: fact.code, status: fact.status });
      if (fact.message !== undefined) expect(message).toMatch(form(filled(fact.message, words)));
    },
  );
});

async function sender(service: string, account: Account) {
  const sdk = (await import(`@aws-sdk/client-${service}`)) as Sdk;
  const name = Object.keys(sdk).find(
    (each) => each.endsWith('Client') && each !== 'Client' && !each.startsWith('_'),
  );
  const Class = sdk[name ?? ''] as unknown as new (config: never) => Client;
  const client = account.client(Class) as unknown as { send: (command: never) => Promise<unknown> };
  return async (operation: string, input: object) => {
    const Command = sdk[`${operation}Command`];
    if (!Command) throw new Error(`${service} has no ${operation}`);
    return client.send(new Command(input));
  };
}

interface Thrown {
  readonly name?: string;
  readonly Code?: string;
  readonly Error?: { readonly Code?: string };
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The code as it came over the wire, which the SDK's classes spell in their own way. */
function said(error: unknown): { code: string | undefined; status: number | undefined; message: string } {
  const { Code, Error: inner, name, message = '', $metadata } = error as Thrown;
  return { code: inner?.Code ?? Code ?? name, status: $metadata?.httpStatusCode, message };
}

function filled<T>(value: T, words: Readonly<Record<string, string>>): T {
  let text = JSON.stringify(value);
  for (const [word, meaning] of Object.entries(words)) text = text.replaceAll(word, meaning);
  return JSON.parse(text) as T;
}

function form(message: string): RegExp {
  const parts = message.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
