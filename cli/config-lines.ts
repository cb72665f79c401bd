/**
 * The line of a source text on which a field of config.ts is said, as far as its names lead there: what a preset or a
 * function gives stands on no line.
 *
 * @param at the field, as `bots.kms_enable_rotation.mode` or `exemptions[0].until`
 */
export function lineOf(source: string, at: string): number | undefined {
  const code = withoutComments(source);
  const names = [...at.matchAll(/\["((?:[^"\\]|\\.)*)"\]|([A-Za-z_$][\w$]*)/g)].map(
    ([, quoted, plain = '']) => quoted ?? plain,
  );
  let position = 0;
  for (const name of names) {
    const found = new RegExp(`(?<![\\w$])["']?${escaped(name)}["']?\\s*:`).exec(code.slice(position));
    if (!found) return undefined;
    position += found.index + 1;
  }
  return names.length === 0 ? undefined : code.slice(0, position).split('\n').length;
}

/** As long as before, so that everything stays where it is. */
function withoutComments(source: string): string {
  return source.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (part) => (/^\/[/*]/.test(part) ? part.replace(/[^\n]/g, ' ') : part),
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
