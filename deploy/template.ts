/** Words of CloudFormation that the parts of the stack share. */
import { functionSuffix } from '../shared/function-name';

/** A resource of the CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: object;
}

/** The stage, for serverless to put in. */
export const STAGE = '${sls:stage}';

/** The ARN of one of the functions, by the end of its name. */
export function functionArn(name: string): string {
  return `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:selfheal-${STAGE}-${name}`;
}

/** What the name of a bot's function ends with, after the stage. serverless.yml tells the coordinator the same. */
export function botSuffix(id: string): string {
  return `bot-${functionSuffix(id)}`;
}

/** The ARN of another resource of the template. */
export function att(resource: string): Record<string, string> {
  return sub(`\${${resource}.Arn}`);
}

/** Text with the template's own variables. */
export function sub(text: string): Record<string, string> {
  return { 'Fn::Sub': text };
}

/** `sg_close_ports` as a logical id: `SgClosePorts`. */
export function pascal(id: string): string {
  return id.replace(/(^|_)([a-z0-9])/g, (_all, _bar, letter: string) => letter.toUpperCase());
}
