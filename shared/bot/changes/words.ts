import { type Json, type JsonObject, isList, isObject, listOf, unfolded } from './json';

/** What a list in the middle of a line says before it is cut. */
const ITEMS = 5;

/** Names that AWS writes in capitals, as they stand inside its field names. */
const CAPITALS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['ACL', 'ACLs', 'AMI', 'API', 'ARN', 'AWS', 'AZ', 'CIDR', 'CORS', 'CPU', 'DB', 'DNS', 'EBS', 'EC2'],
    ...['ECR', 'ECS', 'EFS', 'EIP', 'EKS', 'ELB', 'HTTP', 'HTTPS', 'IAM', 'ID', 'IDs', 'IP', 'IPs', 'IPv4'],
    ...[
      'IPv6',
      'JSON',
      'KMS',
      'MFA',
      'RDS',
      'S3',
      'SNS',
      'SQS',
      'SSE',
      'SSL',
      'SSM',
      'TLS',
      'URI',
      'URL',
      'VPC',
    ],
  ].map((name) => [name.toLowerCase(), name]),
);

/** Names that are one word, and plurals of names in capitals. */
const WHOLE = /(IPv[46]|EC2|S3|CloudWatch|CloudTrail|CloudFront|EventBridge|[A-Z]{2,}s(?=[A-Z]|$))/;

/** A field or an operation of an API in words: `PubliclyAccessible` → `publicly accessible`. */
export function named(name: string): string {
  if (/[./:\s]/.test(name)) return name;
  return name
    .split(WHOLE)
    .flatMap((part) => (WHOLE.test(part) ? [part] : wordsIn(part)))
    .join(' ');
}

function wordsIn(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter(Boolean)
    .map((word) => CAPITALS[word.toLowerCase()] ?? (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()));
}

/** A value in one line of words: by its shape where AWS has a way to say it, else field by field. */
export function inWords(value: Json, direction?: Direction): string {
  const whole = unfolded(value);
  if (whole === null || whole === '') return 'nothing';
  if (isList(whole)) return listed(whole.map((item) => inWords(item, direction)));
  if (!isObject(whole)) return String(whole);
  const shaped = asRule(whole, direction) ?? asStatement(whole) ?? asGrant(whole) ?? asTag(whole);
  if (shaped !== undefined) return shaped;
  const policy = statementsIn(whole);
  if (policy)
    return listed(
      policy.map((statement) => inWords(statement)),
      '; ',
    );
  const fields = Object.entries(whole).filter(([, field]) => !isNothing(field));
  if (fields.length === 0) return 'nothing';
  return fields.map(([name, field]) => fieldInWords(name, field)).join(', ');
}

/** Which way the traffic of a rule goes, where the rule does not say. */
export type Direction = 'inbound' | 'outbound';

/** Whether inWords knows the shape of the value, so that it needs no name before it. */
export function speaksForItself(value: Json): boolean {
  return (
    isObject(value) && (asRule(value) ?? asStatement(value) ?? asGrant(value) ?? asTag(value)) !== undefined
  );
}

/** Whether there is nothing to say of the value. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** The statements of a policy document; `undefined`: it is none. Source: IAM User Guide, Grammar of the IAM JSON policy language. */
export function statementsIn(value: Json): readonly Json[] | undefined {
  const whole = unfolded(value);
  return isObject(whole) && whole.Statement !== undefined ? listOf(whole.Statement) : undefined;
}

function fieldInWords(name: string, field: Json): string {
  const value = unfolded(field);
  const [only, ...others] = isObject(value) ? Object.entries(value) : [];
  // A name within its own field: `IamInstanceProfile: { Arn }`.
  if (only && others.length === 0 && /^(Arn|Name|Id|Value)$/i.test(only[0])) {
    return `${named(name)} ${inWords(only[1])}`;
  }
  const said = inWords(value);
  return isObject(value) && Object.keys(value).length > 1
    ? `${named(name)} (${said})`
    : `${named(name)} ${said}`;
}

function listed(items: readonly string[], separator = ', '): string {
  const more = items.length - ITEMS;
  if (items.length === 0) return 'nothing';
  return [...items.slice(0, ITEMS), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}

/**
 * A rule of a security group or an entry of a network ACL: `tcp 22 from 0.0.0.0/0 "office"`. Takes AWS's own shape of one
 * source and the one that bots keep. Source: EC2 API, IpPermission, SecurityGroupRule, NetworkAclEntry.
 */
function asRule(rule: JsonObject, direction?: Direction): string | undefined {
  const protocol = rule.protocol ?? rule.IpProtocol ?? rule.Protocol;
  const range = isObject(rule.PortRange) ? rule.PortRange : rule;
  const from = range.from ?? range.FromPort ?? range.From;
  const to = range.to ?? range.ToPort ?? range.To;
  const end = endOf(rule);
  if (typeof protocol !== 'string' || end === undefined) return undefined;
  const isOut = (rule.egress ?? rule.Egress ?? rule.IsEgress ?? direction === 'outbound') === true;
  const traffic = `${trafficIn(protocol, from, to)} ${isOut ? 'to' : 'from'} ${end}`;
  const number = rule.number ?? rule.RuleNumber;
  const action = rule.action ?? rule.RuleAction;
  const description = rule.description ?? rule.Description;
  const said = typeof action === 'string' ? `${action} ${traffic}` : traffic;
  const placed = typeof number === 'number' ? `rule ${number}: ${said}` : said;
  return typeof description === 'string' && description !== '' ? `${placed} "${description}"` : placed;
}

function endOf(rule: JsonObject): string | undefined {
  const { cidr, CidrBlock, Ipv6CidrBlock, CidrIp, CidrIpv6, prefixList, PrefixListId, group, GroupId } = rule;
  const range = [cidr, CidrBlock, Ipv6CidrBlock, CidrIp, CidrIpv6].find((one) => typeof one === 'string');
  if (typeof range === 'string') return range;
  const list = prefixList ?? PrefixListId;
  if (typeof list === 'string') return `prefix list ${list}`;
  const other = group ?? GroupId;
  return typeof other === 'string' ? `security group ${other}` : undefined;
}

/** Source: IANA, Protocol Numbers; EC2 takes names for these four, and -1 for all. */
const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

function trafficIn(protocol: string, from: Json | undefined, to: Json | undefined): string {
  if (protocol === '-1') return 'all traffic';
  const name = PROTOCOLS[protocol] ?? (/^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol);
  if (typeof from !== 'number' || typeof to !== 'number' || from === -1 || !/^(tcp|udp)$/.test(name))
    return name;
  if (from === 0 && to === 65535) return `${name}, all ports,`;
  return `${name} ${from === to ? from : `${from}-${to}`}`;
}

/** A statement of a policy: `"Public": allow s3:GetObject on arn:aws:s3:::b/* to everyone`. */
function asStatement(statement: JsonObject): string | undefined {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  if ((Effect !== 'Allow' && Effect !== 'Deny') || (Action ?? NotAction) === undefined) return undefined;
  const what = Action === undefined ? `all but ${inWords(NotAction ?? [])}` : inWords(Action);
  const on = Resource ?? NotResource;
  const where =
    on === undefined || on === '*' ? '' : ` on ${Resource === undefined ? 'all but ' : ''}${inWords(on)}`;
  const whom = whomOf(statement);
  const conditions = isObject(Condition) ? Object.entries(Condition).flatMap(testsOf) : [];
  const provided = conditions.length > 0 ? ` if ${conditions.join(' and ')}` : '';
  const label = typeof Sid === 'string' && Sid !== '' ? `"${Sid}": ` : '';
  return `${label}${Effect.toLowerCase()} ${what}${where}${whom}${provided}`;
}

function testsOf([operator, keys]: [string, Json]): string[] {
  if (!isObject(keys)) return [];
  return Object.entries(keys).map(([key, value]) => `${key} ${operator} ${inWords(value)}`);
}

function whomOf({ Principal, NotPrincipal }: JsonObject): string {
  const who = Principal ?? NotPrincipal;
  if (who === undefined) return '';
  const names = isObject(who) ? Object.values(who).flatMap(listOf) : listOf(who);
  const said = listed(names.map((name) => (name === '*' ? 'everyone' : inWords(name))));
  return Principal === undefined ? ` to everyone but ${said}` : ` to ${said}`;
}

/** Groups of S3's ACLs. Source: S3 User Guide, Access control list (ACL) overview. */
const GROUPS: Readonly<Record<string, string>> = {
  AllUsers: 'everyone (AllUsers)',
  AuthenticatedUsers: 'everyone with an AWS account (AuthenticatedUsers)',
};

/** A grant of an ACL: `READ to everyone (AllUsers)`. */
function asGrant({ Grantee, Permission }: JsonObject): string | undefined {
  if (!isObject(Grantee) || typeof Permission !== 'string') return undefined;
  const { URI, ID, EmailAddress, DisplayName } = Grantee;
  const group = typeof URI === 'string' ? (URI.split('/').at(-1) ?? URI) : undefined;
  const who =
    group === undefined ? inWords(EmailAddress ?? DisplayName ?? ID ?? null) : (GROUPS[group] ?? group);
  return `${Permission} to ${who.length > 20 && who === ID ? `canonical user ${who.slice(0, 12)}…` : who}`;
}

function asTag(tag: JsonObject): string | undefined {
  const { Key, Value, ...rest } = tag;
  const isTag = typeof Key === 'string' && typeof Value === 'string' && Object.keys(rest).length === 0;
  return isTag ? `${Key} = ${Value === '' ? '""' : Value}` : undefined;
}
