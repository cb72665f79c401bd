import { type ResourceType, TYPES } from './table';

export type { ResourceType } from './table';

const BY_TYPE: ReadonlyMap<string, ResourceType> = new Map(TYPES.map((row) => [row.type, row]));
const BY_NAME: ReadonlyMap<string, ResourceType> = new Map(
  TYPES.flatMap((row) =>
    [row.type, ...(row.names ?? []), ...(row.config ?? [])].map((name) => [plain(name), row] as const),
  ),
);
const BY_DIMENSION: ReadonlyMap<string, ResourceType> = new Map(
  TYPES.flatMap((row) => (row.dimensions ?? []).map((dimension) => [dimension, row] as const)),
);
const BY_PREFIX: ReadonlyMap<string, ResourceType> = new Map(
  TYPES.flatMap((row) => (row.prefix === undefined ? [] : [[row.prefix, row] as const])),
);

/** The row of the type that CloudFormation calls so; `undefined`: a type that is not known here. */
export function typeOf(type: string): ResourceType | undefined {
  return BY_TYPE.get(type);
}

/**
 * The row of the type that anybody calls so: CloudFormation or AWS Config (`AWS::EC2::VPC`), ASFF and OCSF
 * (`AwsEc2Vpc`), Inspector (`AWS_EC2_VPC`), GuardDuty (`EC2_VPC`), CloudGuard (`VPC`). Most of these differ only in
 * case and punctuation, which are ignored.
 */
export function typeNamed(name: string): ResourceType | undefined {
  return BY_NAME.get(plain(name));
}

/** The names under which AWS Config records resources of that type. */
export function configTypesOf(type: string): readonly string[] {
  return typeOf(type)?.config ?? [type];
}

/** The type that a metric with this dimension is measured on. */
export function typeMeasured(namespace: string, dimension: string): ResourceType | undefined {
  return BY_DIMENSION.get(`${namespace}/${dimension}`) ?? BY_DIMENSION.get(dimension);
}

/** The type whose ids all begin like this one, of an id that stands alone: `sg-0a1b2c3d`, `AKIA…`. */
export function typeOfId(id: string): ResourceType | undefined {
  const [, prefix = '', rest = ''] = /^(AKIA|[a-z-]{1,20}-)(.+)$/.exec(id) ?? [];
  const isOne = prefix === 'AKIA' ? /^[A-Z0-9]{12,124}$/ : /^[0-9a-f]{1,32}$/;
  return isOne.test(rest) ? BY_PREFIX.get(prefix) : undefined;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^aws/, '');
}
