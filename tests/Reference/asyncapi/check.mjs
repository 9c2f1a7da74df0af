// Usage: node check.mjs FILE. Prints what AsyncAPI's own parser finds; exit code 1 when it finds an error or a warning.
import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(await readFile(file, 'utf8'), { source: file });

// Levels: 0 error, 1 warning, 2 information (the newest version of AsyncAPI, for example), 3 hint.
const found = diagnostics.filter(d => d.severity <= 1);
for (const d of found) {
  console.log(`${d.severity === 0 ? 'error' : 'warning'} ${d.code} at ${d.path.join('/')}: ${d.message}`);
}

if (!document || found.length > 0) {
  console.log(`${file}: ${found.length} findings.`);
  process.exit(1);
}

console.log(`${file}: valid. ${document.channels().length} channels, ${document.operations().length} operations, ` +
  `${document.messages().length} messages.`);
