import type { Granted } from '../authority';
import type { CatalogueEntry } from '../catalogue';
import { type Config, settingsOf } from '../config';
import { withWhose } from '../ownership';
import type { Permissions } from './bot';

/** `${params.policyArn}` in a condition or the end of an ARN stands for what config.ts lets that parameter be. */
const PARAM = /\$\{params\.(\w+)\}/;

/**
 * The permissions with the values of config.ts in their conditions: what its `params` say, and what its `allowed` lets
 * findings choose from. An action that config.ts gives no value for is left out, as nothing could be done with it.
 */
export function rightsUnder(permissions: Permissions, granted: Granted): Permissions {
  const { read, write, undo, only = {}, where = {} } = permissions;
  const narrowed = mapped(only, (ending) => filled(ending, granted).map(endingOf));
  const conditions = mapped(where, (condition) =>
    mapped(condition, (tests) => mapped(tests, (values) => filled(values, granted))),
  );
  const isVoid = (action: string) =>
    narrowed[action]?.length === 0 ||
    Object.values(conditions[action] ?? {}).some((tests) =>
      Object.values(tests).some((values) => values.length === 0),
    );
  const left = (actions: readonly string[]) => actions.filter((action) => !isVoid(action));
  const kept = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([action]) => !isVoid(action)));
  return {
    ...permissions,
    ...{ read: left(read), write: left(write), undo: left(undo) },
    ...(permissions.only && { only: kept(narrowed) }),
    ...(permissions.where && { where: kept(conditions) }),
  };
}

/** The bots that config.ts enables, each with the rights that it has under its settings. */
export function enabledUnder(config: Config, catalogue: readonly CatalogueEntry[]): CatalogueEntry[] {
  return catalogue.flatMap((entry) => {
    const settings = settingsOf(config, entry.id);
    if (!settings) return [];
    return [withWhose({ ...entry, permissions: rightsUnder(entry.permissions, settings) }, config)];
  });
}

function filled(said: string | readonly string[], granted: Granted): readonly string[] {
  return [said].flat().flatMap((template) => {
    const [found, name] = PARAM.exec(template) ?? [];
    if (found === undefined || name === undefined) return [template];
    return valuesOf(name, granted).map((value) => {
      const text = value.replace('$ACCOUNT_ID', '${Account}');
      if (!text.startsWith('arn:')) return template.replace(found, () => text);
      // An ARN says all that the template would say around a name; one of another kind, such as the role of an instance
      // profile, stands for what is called like it.
      const isOther = template.startsWith('arn:') && kindOf(template) !== kindOf(text);
      return isOther ? template.replace(found, () => text.split('/').at(-1) ?? '') : text;
    });
  });
}

function kindOf(arn: string): string | undefined {
  return arn.split(':')[5]?.split('/')[0];
}

/** Config.ts may name a resource by its ARN: how that ends behind the account. */
function endingOf(text: string): string {
  return text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text;
}

function valuesOf(name: string, { params = {}, allowed = {} }: Granted): string[] {
  const values = [params[name], allowed[name]].flat(2);
  return [...new Set(values.filter((value) => typeof value === 'string'))].sort();
}

function mapped<T, U>(table: Readonly<Record<string, T>>, into: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, into(value)]));
}
