import * as z from 'zod';
import { resourceOf } from '../../shared/resources/arn';
import { isSettings } from '../../shared/resources/target';
import { typeNamed, typeOf } from '../../shared/resources/types';
import type { Named } from './routing';
import { text } from './shapes';

/** What only some entities have: of another shape it tells nothing, and is no reason to refuse the finding. */
const hint = text.catch(undefined);
const role = z.object({ name: hint, arn: hint }).nullish().catch(undefined);

/** What is read of the thing that a finding of CloudGuard is about. Null for what a type does not have. */
export const entitySchema = z.object({
  type: hint,
  id: text,
  name: text,
  region: text,
  accountNumber: hint,
  arn: hint,
  topicArn: hint,
  queueUrl: hint,
  certificateArn: hint,
  /** Of an ECS service, of a function, of an instance. */
  role,
  executionRole: role,
  roles: z.array(role).nullish().catch(undefined),
  /** Of a VPC. */
  internetGateways: z
    .array(z.object({ externalId: hint }))
    .nullish()
    .catch(undefined),
});

/** See {@link entitySchema}. */
export type Entity = z.infer<typeof entitySchema>;

const ROLE = 'AWS::IAM::Role';
const GATEWAY = 'AWS::EC2::InternetGateway';

/** The ARNs that an entity gives, the most telling first. */
export function arnsOf({ arn, topicArn, certificateArn, id }: Partial<Entity>): string[] {
  const texts = [arn, topicArn, certificateArn, id].filter((each) => each?.startsWith('arn:') === true);
  // The id of a role may be several ARNs.
  return texts.flatMap((each) => each?.split(/,(?=arn:)/)[0] ?? []);
}

/**
 * The resource that an entity is, by the id that the service's API takes, and behind it what belongs to it alone: its
 * role, its internet gateway. An entity of a type that is not known here, or of none, may be of any of `types`: the
 * rule that names a bot knows what it is about.
 */
export function resourcesOf(entity: Entity, types: readonly string[]): Named[] {
  const said = typeNamed(entity.type ?? '')?.type;
  // What is about an account or a region names no resource.
  const known = said === undefined ? types : isSettings(said) ? [] : [said];
  const itself = [...new Set(known)].map((type) => ({ type, id: idOf(type, entity) }));
  const roles = [entity.role, entity.executionRole, ...(entity.roles ?? [])].filter((each) => each != null);
  const gateways = entity.internetGateways ?? [];
  return [
    ...itself,
    ...(roles.length === 1 ? roles.map((each) => ({ type: ROLE, id: idOf(ROLE, each) })) : []),
    ...(gateways.length === 1 ? gateways.map(({ externalId: id }) => ({ type: GATEWAY, id })) : []),
  ].filter((each): each is Named => each.id !== undefined);
}

function idOf(type: string, entity: Partial<Entity>): string | undefined {
  const { id, name, queueUrl } = entity;
  const told = arnsOf(entity)
    .map((arn) => resourceOf(arn))
    .filter((resource) => resource !== undefined);
  const agreeing = told.find((resource) => resource.type === type);
  if (agreeing) return agreeing.id;
  // Its ARN says that it is something else.
  if (told.length > 0) return undefined;
  if (type === 'AWS::SQS::Queue' && queueUrl !== undefined) return queueUrl;
  const row = typeOf(type);
  if (row?.id === 'url' || row?.id === 'arn') {
    return [id, ...arnsOf(entity)].find((each) => /^(arn:|https:)/.test(each ?? ''));
  }
  return row?.isName ? (name ?? id) : (id ?? name);
}
