import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeployOptions, deploy } from './deploy';
import { digestOf, placeOf } from './made-before';

const ROOT = join(__dirname, '..');
const SOURCES = [
  'config.ts',
  'deploy',
  'functions',
  'package.json',
  'serverless.yml',
  'shared',
  'test',
  'tsconfig.json',
];

/** A resource of the packaged template. */
export interface TemplateResource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What `serverless package` makes. */
export interface Package {
  /** Holds the functions' zips. */
  readonly directory: string;
  /** The stack's own template, and those of the stacks that it nests. */
  readonly templates: readonly PackagedTemplate[];
  /** The resources of all templates together. */
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

/** A template as it is uploaded. */
export interface PackagedTemplate {
  readonly path: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

/** A copy of what is deployed. */
export interface Sources {
  readonly directory: string;
  readonly remove: () => void;
}

/**
 * Copies the sources: serverless and its esbuild plugin write into the folder of serverless.yml, where a deployment
 * may be under way.
 */
export function copySources(): Sources {
  const directory = mkdtempSync(join(tmpdir(), 'selfheal-package-'));
  for (const source of SOURCES) cpSync(join(ROOT, source), join(directory, source), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, remove };
}

/**
 * What the real `serverless package` makes with this config, in a copy of the sources. It takes minutes, so that it is
 * made once of what it is made of: sources without tests, the locked packages, and the version of Node.
 */
export async function packageStack(config: string): Promise<Package> {
  const from = [...SOURCES, 'package-lock.json'].map((source) => join(ROOT, source));
  const directory = placeOf('packages', digestOf(from, config, process.version), 3);
  if (!existsSync(directory)) await packageTo(directory, config);
  const templates = templatesIn(directory);
  const resources = Object.assign({}, ...templates.map((each) => each.resources)) as Package['resources'];
  return { directory, templates, resources };
}

async function packageTo(directory: string, config: string): Promise<void> {
  const { directory: copy, remove } = copySources();
  try {
    await packageIn(copy, config);
    const half = `${directory}.${process.pid}`;
    cpSync(join(copy, '.serverless'), half, { recursive: true });
    renameSync(half, directory);
  } finally {
    remove();
  }
}

/** Runs the real `serverless package` in that directory. */
export async function packageIn(
  directory: string,
  config: string,
  how: Pick<DeployOptions, 'through' | 'onStart' | 'onLine'> = {},
): Promise<void> {
  await deploy({
    ...{ command: 'package', directory, region: 'eu-west-1', env: { SELFHEAL_CONFIG: config } },
    // Packaging asks AWS nothing, and nobody listens there.
    endpoint: 'http://127.0.0.1:9',
    ...how,
  });
}

/** The templates that packaging left in `.serverless`, the stack's own first. */
export function templatesIn(directory: string): PackagedTemplate[] {
  const nested = readdirSync(directory).filter((file) => file.startsWith('nested-'));
  return ['cloudformation-template-update-stack.json', ...nested].map((file) => {
    const path = join(directory, file);
    const { Resources } = JSON.parse(readFileSync(path, 'utf8')) as { Resources: Package['resources'] };
    return { path, resources: Resources };
  });
}
