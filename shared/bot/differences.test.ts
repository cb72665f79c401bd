import { differences } from './differences';

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, ['a: 1 → 2']],
  [{ a: 1 }, {}, ['a: 1 → nothing']],
  [{ l: ['x', 'y', 'z'] }, { l: ['y', 'z'] }, ['l: - "x"']],
  [{ l: ['x', 'x'] }, { l: ['x', 'y'] }, ['l: - "x"', 'l: + "y"']],
  [{ l: ['x', 'y'] }, { l: ['y', 'x'] }, ['l: in another order']],
  [{ o: { p: { q: true } } }, { o: { p: { q: false } } }, ['o.p.q: true → false']],
  [undefined, { a: 1 }, ['state: nothing → {"a":1}']],
])('%j, %j', (before, after, lines) => {
  expect(differences(before, after)).toEqual(lines);
});
