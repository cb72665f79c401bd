/** Whether a pattern stands for a text, `*` being any run of characters. No pattern stands for all texts. Takes a time that is linear in both. */
export function like(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let from = first.length;
  // The first place at which a segment fits leaves most room to those behind it.
  for (const segment of rest) {
    const at = text.indexOf(segment, from);
    if (at < 0) return false;
    from = at + segment.length;
  }
  return from <= text.length - last.length;
}
