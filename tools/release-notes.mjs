// Prints what CHANGELOG.md says of a version: node tools/release-notes.mjs v0.2.0. Fails where the tag is not the version
// of package.json, or the version has no section with a date and something in it.
import { readFileSync } from 'node:fs';

const [tag = ''] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json'));
const sections = read('CHANGELOG.md').split(/^## /m).slice(1);
const section =
  sections.find((each) => each.startsWith(`${version} `) || each.startsWith(`[${version}] `)) ?? '';
const [head, ...lines] = section.split('\n');
const notes = lines.join('\n').trim();

if (tag !== `v${version}`) refuse(`the tag is ${tag}, the version in package.json ${version}`);
else if (!/ - \d{4}-\d{2}-\d{2}$/.test(head)) refuse(`CHANGELOG.md has no section "## ${version} - <date>"`);
else if (notes === '') refuse(`CHANGELOG.md says nothing of ${version}`);
else process.stdout.write(`${notes}\n`);

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
