import type { Resource } from './template';

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, object>>;
}

/** A template cut into a root and the stacks that it nests, by their logical ids. */
export interface Split {
  readonly root: Template;
  readonly nested: Readonly<Record<string, Template>>;
}

/**
 * Moves resources of a template into nested stacks. What they refer to and stays behind becomes a parameter of their
 * stack; what depended on one of them depends on its stack.
 *
 * @param stacks By the logical id of each nested stack, the logical ids of the resources that it takes.
 * @param urlOf Where the template of a nested stack will lie when the root is deployed.
 * @throws Error for what a nested stack could not be given: a condition, or a value that the root reads from it.
 */
export function nest(
  template: Template,
  stacks: Readonly<Record<string, readonly string[]>>,
  urlOf: (stack: string) => object,
): Split {
  const stackOf = new Map(
    Object.entries(stacks).flatMap(([stack, names]) => names.map((name) => [name, stack] as const)),
  );
  const made = Object.entries(stacks).map(([stack, names]) => {
    const { resources, parameters, dependsOn } = moved(template, new Set(names));
    const own: Template = {
      Description: `${template.Description ?? 'selfheal'}: ${stack}`,
      ...(Object.keys(parameters).length > 0 && {
        Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { Type: 'String' }])),
      }),
      Resources: resources,
    };
    const resource: Resource = {
      Type: 'AWS::CloudFormation::Stack',
      ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
      Properties: { TemplateURL: urlOf(stack), Parameters: parameters },
    };
    return { stack, own, resource };
  });
  const left = Object.entries(template.Resources).filter(([name]) => !stackOf.has(name));
  return {
    root: {
      ...template,
      Resources: {
        ...Object.fromEntries(left.map(([name, resource]) => [name, withoutMoved(name, resource, stackOf)])),
        ...Object.fromEntries(made.map(({ stack, resource }) => [stack, resource])),
      },
    },
    nested: Object.fromEntries(made.map(({ stack, own }) => [stack, own])),
  };
}

interface Moved {
  readonly resources: Record<string, Resource>;
  /** By name, what the root gives. */
  readonly parameters: Record<string, object>;
  /** What stays in the root and has to be there first. */
  readonly dependsOn: string[];
}

function moved({ Resources }: Template, names: ReadonlySet<string>): Moved {
  const parameters: Record<string, object> = {};
  const outside = new Set<string>();
  const given = (resource: string, attribute: string | undefined) => {
    const name = `${resource}${attribute ?? ''}`.replace(/[^A-Za-z0-9]/g, '');
    parameters[name] = attribute === undefined ? { Ref: resource } : { 'Fn::GetAtt': [resource, attribute] };
    return name;
  };
  const isHere = (name: string) => names.has(name) || name.startsWith('AWS::');
  const resources = [...names].map((name): [string, Resource] => {
    const resource = Resources[name];
    if (!resource) throw new Error(`there is no resource ${name} to nest`);
    if (resource.Condition !== undefined)
      throw new Error(`${name} has a condition, which a nested stack lacks`);
    const dependencies = [resource.DependsOn ?? []].flat();
    for (const dependency of dependencies) if (!names.has(dependency)) outside.add(dependency);
    const inside = dependencies.filter((dependency) => names.has(dependency));
    const { DependsOn: _, ...rest } = resource;
    return [
      name,
      {
        ...rest,
        ...(inside.length > 0 && { DependsOn: inside }),
        Properties: rewritten(resource.Properties, isHere, given) as object,
      },
    ];
  });
  return { resources: Object.fromEntries(resources), parameters, dependsOn: [...outside] };
}

/** References to what is not here, in place of which the names of parameters stand. */
function rewritten(
  value: unknown,
  isHere: (name: string) => boolean,
  given: (resource: string, attribute?: string) => string,
): unknown {
  if (Array.isArray(value)) return value.map((each) => rewritten(each, isHere, given));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': getAtt, 'Fn::Sub': text } = value as Record<string, unknown>;
  if (typeof ref === 'string') return isHere(ref) ? value : { Ref: given(ref) };
  if (getAtt !== undefined) {
    const [resource = '', ...attribute] =
      typeof getAtt === 'string' ? getAtt.split('.') : (getAtt as string[]);
    return isHere(resource) ? value : { Ref: given(resource, attribute.join('.')) };
  }
  if (Array.isArray(text))
    throw new Error(`no variables of its own for Fn::Sub in a nested stack: ${JSON.stringify(text)}`);
  if (typeof text === 'string') return { 'Fn::Sub': substituted(text, isHere, given) };
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, rewritten(each, isHere, given)]),
  );
}

function substituted(
  text: string,
  isHere: (name: string) => boolean,
  given: (resource: string, attribute?: string) => string,
): string {
  return text.replace(/\$\{([^!}][^}]*)\}/g, (all, name: string) => {
    const [resource = '', ...attribute] = name.split('.');
    if (isHere(resource)) return all;
    return `\${${attribute.length > 0 ? given(resource, attribute.join('.')) : given(resource)}}`;
  });
}

function withoutMoved(name: string, resource: Resource, stackOf: ReadonlyMap<string, string>): Resource {
  rewritten(
    resource.Properties,
    (each) => !stackOf.has(each),
    (each) => {
      throw new Error(`${name} refers to ${each}, which lies in the nested stack ${stackOf.get(each) ?? ''}`);
    },
  );
  const { DependsOn } = resource;
  if (DependsOn === undefined) return resource;
  const dependencies = [DependsOn].flat().map((each) => stackOf.get(each) ?? each);
  return { ...resource, DependsOn: [...new Set(dependencies)] };
}
