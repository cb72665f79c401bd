import { configIn } from '../deploy/config-metadata';
import type { Config } from '../shared/config';
import { clientOptions, isNoStack, namesOf, regionOf } from './place';
import { type GlobalOptions } from './session';
import { denialOf } from './terminal/errors';

/** The config that an installation was deployed with, or why that cannot be told. */
export type Deployed =
  | { readonly config: Config }
  /** Nothing is deployed there, or by a version that did not say with what, or AWS cannot be asked at all. */
  | { readonly unknown: true; readonly denied?: string };

/**
 * Reads the config of an installation from the template of its stack.
 *
 * Source: CloudFormation, GetTemplate.
 */
export async function deployedConfig(options: GlobalOptions): Promise<Deployed> {
  try {
    const region = await regionOf({ options });
    const { CloudFormationClient, GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
    const client = new CloudFormationClient(clientOptions(options, region));
    const { TemplateBody = '' } = await client.send(
      new GetTemplateCommand({ StackName: namesOf(options.stage).stack }),
    );
    const config = configIn(TemplateBody);
    return config ? { config } : { unknown: true };
  } catch (error) {
    // Whatever else keeps AWS from answering keeps it from answering the command as well, which says so.
    const denied = isNoStack(error) ? undefined : denialOf(error);
    return { unknown: true, ...(denied && { denied: denied.action ?? 'cloudformation:GetTemplate' }) };
  }
}

/** Where the config of this checkout differs from the one that is deployed, a few words for each field. */
export function configDifferences(here: Config, deployed: Config): string[] {
  const [local, remote] = [here, deployed].map(plain);
  return differing(local, remote, '');
}

/** As it is deployed: without what JSON leaves out, and without bots that are not enabled. */
function plain({ bots, ...rest }: Config): unknown {
  const enabled = Object.entries(bots).filter(([, settings]) => settings.enabled);
  return JSON.parse(JSON.stringify({ ...rest, bots: Object.fromEntries(enabled) }));
}

function differing(here: unknown, deployed: unknown, at: string): string[] {
  if (isFields(here) && isFields(deployed)) {
    const names = [...new Set([...Object.keys(deployed), ...Object.keys(here)])];
    return names.flatMap((name) => differing(here[name], deployed[name], at === '' ? name : `${at}.${name}`));
  }
  const [one, other] = [here, deployed].map((value) => JSON.stringify(value) as string | undefined);
  if (one === other) return [];
  const bot = /^bots\.(\w+)$/.exec(at)?.[1];
  if (bot !== undefined) return [`${bot} is enabled ${one === undefined ? 'there' : 'here'} only`];
  if (one === undefined || other === undefined)
    return [`${at} is ${one === undefined ? 'there' : 'here'} only`];
  const isLong = one.length + other.length > 60 || typeof here === 'object' || typeof deployed === 'object';
  return [isLong ? `${at} differs` : `${at} is ${one} here, ${other} there`];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
