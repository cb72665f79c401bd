import {
  type Expression,
  type Pattern,
  type Program,
  type Property,
  type SourceLocation,
  type TokenType,
  getLineInfo,
  parse,
  parseExpressionAt,
  tokTypes,
  tokenizer,
} from 'acorn';
import { Problem } from '../../terminal/errors';
import type { Settings } from './file';

/**
 * The value that JSON, or a file of JavaScript that exports one, says. It is parsed and never run: literals alone are
 * taken. Objects have the fields that stand there as their own, whatever their names are.
 *
 * @throws Problem with line and column at anything that would have to be run, or is misspelt.
 */
export function literalIn({ file, text }: Settings): unknown {
  try {
    const isData = [tokTypes.braceL, tokTypes.bracketL].includes(firstOf(text));
    return valueOf(isData ? dataIn(file, text) : exported(parse(text, OPTIONS), file), file);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(`${file} is nested too deep to be settings`);
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    const { line, column } = error.loc as { line: number; column: number };
    throw new Problem(
      `${file}, line ${line}, column ${column + 1}: this is misspelt: it is neither JSON nor an object of JavaScript`,
    );
  }
}

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module', locations: true } as const;

/** An object that stands alone would be a block. */
function dataIn(file: string, text: string): Expression {
  const data = parseExpressionAt(text, 0, OPTIONS);
  if (firstOf(text.slice(data.end)) === tokTypes.eof) return data;
  throw refused(file, { start: getLineInfo(text, data.end) }, 'something follows the settings');
}

/** What stands first, behind spaces and comments. */
function firstOf(text: string): TokenType {
  return tokenizer(text, OPTIONS).getToken().type;
}

/** What `module.exports` is set to, or `export default` says. */
function exported({ body }: Program, file: string): Expression {
  const statements = body.filter(
    (node) => !(node.type === 'ExpressionStatement' && typeof node.directive === 'string'),
  );
  const [only, ...others] = statements.map((node) => ({ node, value: exportedBy(node) }));
  if (!only) throw new Problem(`${file} holds no settings`);
  const stray = [only, ...others].find(({ value }) => value === undefined) ?? others[0];
  if (stray === undefined && only.value) return only.value;
  throw refused(file, (stray ?? only).node.loc, 'only `module.exports = { … }` is read, and nothing is run');
}

function exportedBy(statement: Program['body'][number]): Expression | undefined {
  if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    return declaration.type.endsWith('Declaration') ? undefined : (declaration as Expression);
  }
  if (statement.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  const isExport = expression.type === 'AssignmentExpression' && expression.operator === '=';
  return isExport && isExports(expression.left) ? expression.right : undefined;
}

function isExports(node: Pattern): boolean {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

function valueOf(node: Expression, file: string): unknown {
  if (node.type === 'Literal' && (node.raw === 'null' || PLAIN.has(typeof node.value))) return node.value;
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const { argument } = node;
    if (argument.type === 'Literal' && typeof argument.value === 'number') return -argument.value;
  }
  if (node.type === 'ArrayExpression') {
    return node.elements.map((item) => {
      if (item === null || item.type === 'SpreadElement') throw refused(file, (item ?? node).loc, CODE);
      return valueOf(item, file);
    });
  }
  if (node.type !== 'ObjectExpression') throw refused(file, node.loc, CODE);
  const fields = node.properties.map((property) => {
    if (property.type === 'SpreadElement' || property.kind !== 'init' || property.method) {
      throw refused(file, property.loc, CODE);
    }
    return [nameOf(property, file), valueOf(property.value, file)] as const;
  });
  return Object.fromEntries(fields);
}

const PLAIN = new Set(['string', 'number', 'boolean']);

function nameOf({ key, computed }: Property, file: string): string {
  if (!computed && key.type === 'Identifier') return key.name;
  if (!computed && key.type === 'Literal' && ['string', 'number'].includes(typeof key.value)) {
    return String(key.value);
  }
  throw refused(file, key.loc, CODE);
}

const CODE =
  'this is code, and nothing is run: write the text, the number, true or false out that it comes to';

function refused(
  file: string,
  place: Pick<SourceLocation, 'start'> | null | undefined,
  says: string,
): Problem {
  const where = place ? `, line ${place.start.line}, column ${place.start.column + 1}` : '';
  return new Problem(`${file}${where}: ${says}`);
}
