/** The plugin of serverless.yml that gives the bots nested stacks: CloudFormation takes 500 resources in each. */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { catalogue } from '../functions/remediators/catalogue';
import { refusals } from './limits';
import { type Template, nest } from './nested';
import { pascal } from './template';

/** What the plugin reads of Serverless. Source: the plugin API of Serverless 3, and osls. */
interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly functions: Readonly<Record<string, object>>;
    readonly provider: { compiledCloudFormationTemplate: Template };
    readonly package: { readonly artifactDirectoryName: string };
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly getProvider: (name: 'aws') => Provider;
}

interface Provider {
  readonly naming: {
    readonly getStackName: () => string;
    readonly getLambdaLogicalId: (name: string) => string;
    readonly getLogGroupLogicalId: (name: string) => string;
    readonly getLambdaEventConfigLogicalId: (name: string) => string;
  };
  readonly getAwsSdkV3Config: () => Promise<object>;
  readonly getServerlessDeploymentBucketName: () => Promise<string>;
}

/** Names of the files in `.serverless` that hold templates of nested stacks. */
const FILE = /^nested-(\w+)\.json$/;

class Stacks {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  private readonly provider: Provider;

  constructor(private readonly serverless: Serverless) {
    this.provider = serverless.getProvider('aws');
    this.hooks = {
      'before:package:cleanup': () => this.refuseConfig(),
      'after:aws:package:finalize:stripNullPropsFromTemplateResources': () => this.split(),
      'before:aws:deploy:deploy:checkForChanges': () => this.keepJournalName(),
      'before:aws:deploy:deploy:uploadArtifacts': () => this.upload(),
    };
  }

  private async refuseConfig(): Promise<void> {
    // The same module that serverless.yml has read from.
    const { refusal } = createRequire(__filename)('./serverless.cjs') as {
      refusal: Promise<Error | undefined>;
    };
    const error = await refusal;
    if (error !== undefined) throw this.refused(error.message);
  }

  private async split(): Promise<void> {
    const { service, serviceDir } = this.serverless;
    const template = service.provider.compiledCloudFormationTemplate;
    const stacks = this.stacksOfBots(template);
    // The coordinator hands messages to bots that are there: in the deployment that makes them as in every other.
    const coordinator = template.Resources[this.provider.naming.getLambdaLogicalId('coordinator')];
    const bots = Object.values(stacks).flat();
    if (coordinator) Object.assign(coordinator, { DependsOn: [coordinator.DependsOn ?? [], bots].flat() });
    const { root, nested } = nest(template, stacks, (stack) => ({
      'Fn::Sub': [
        `https://\${Bucket}.s3.\${AWS::Region}.\${AWS::URLSuffix}/${service.package.artifactDirectoryName}/nested-${stack}.json`,
        { Bucket: bucketOf(template) },
      ],
    }));
    const [refusal] = refusals(root, nested);
    if (refusal !== undefined) throw this.refused(refusal);
    service.provider.compiledCloudFormationTemplate = root;
    const directory = join(serviceDir, '.serverless');
    await mkdir(directory, { recursive: true });
    for (const [stack, own] of Object.entries(nested)) {
      await writeFile(join(directory, `nested-${stack}.json`), JSON.stringify(own, null, 2));
    }
  }

  /** By service, the resources of its bots. AWS Config's rules stay behind: their names are taken while they move. */
  private stacksOfBots({ Resources }: Template): Record<string, string[]> {
    const { naming } = this.provider;
    const stacks: Record<string, string[]> = {};
    for (const { id, service } of catalogue) {
      if (!(id in this.serverless.service.functions)) continue;
      const names = [
        `${pascal(id)}Role`,
        naming.getLogGroupLogicalId(id),
        naming.getLambdaLogicalId(id),
        naming.getLambdaEventConfigLogicalId(id),
      ].filter((name) => name in Resources);
      (stacks[`${pascal(service.replaceAll('-', '_'))}Bots`] ??= []).push(...names);
    }
    return stacks;
  }

  /** Templates of nested stacks go where the zips go, also when they were packaged before. */
  private async upload(): Promise<void> {
    const { artifactDirectoryName } = this.serverless.service.package;
    const directory = join(this.serverless.serviceDir, '.serverless');
    const Bucket = await this.provider.getServerlessDeploymentBucketName();
    const s3 = new S3Client(await this.provider.getAwsSdkV3Config());
    for (const file of (await readdir(directory)).filter((name) => FILE.test(name))) {
      const template = JSON.parse(await readFile(join(directory, file), 'utf8')) as Template;
      await s3.send(
        new PutObjectCommand({
          Bucket,
          Key: `${artifactDirectoryName}/${file}`,
          Body: JSON.stringify(template),
          ContentType: 'application/json',
          ServerSideEncryption: 'AES256',
        }),
      );
    }
  }

  /**
   * The journal of installations from before its table had a generated name keeps the one it has: another name would
   * be another table, and what was journaled would be in neither history nor undo.
   */
  private async keepJournalName(): Promise<void> {
    const template = this.serverless.service.provider.compiledCloudFormationTemplate;
    const table = template.Resources.JournalTable;
    const StackName = this.provider.naming.getStackName();
    const client = new CloudFormationClient(await this.provider.getAwsSdkV3Config());
    const found = await client
      .send(new DescribeStackResourceCommand({ StackName, LogicalResourceId: 'JournalTable' }))
      .catch((error: unknown) => {
        // The stack of a first deployment holds no table yet. Source: CloudFormation, DescribeStackResource.
        if (error instanceof Error && error.message.includes('does not exist')) return undefined;
        throw error;
      });
    const name = found?.StackResourceDetail?.PhysicalResourceId;
    if (!table || name !== `${StackName}-journal`) return;
    Object.assign(table.Properties, { TableName: name });
  }

  private refused(sentence: string): Error {
    return new this.serverless.classes.Error(sentence, 'SELFHEAL_REFUSED');
  }
}

/** Where the zips of the functions go: the stack's own bucket, or the one that serverless.yml names. */
function bucketOf({ Resources }: Template): unknown {
  const code = Object.values(Resources).find(({ Type }) => Type === 'AWS::Lambda::Function')?.Properties;
  return (code as { Code?: { S3Bucket?: unknown } } | undefined)?.Code?.S3Bucket;
}

module.exports = Stacks;
