// front-matter.mjs SCHEMA FILE...: is the front matter of each document valid by a JSON Schema? By the
// packages ajv, ajv-formats and yaml in the node_modules of the folder PM_AJV. Says where it is not.
import fs from 'fs';
import { createRequire } from 'module';

const require = createRequire(process.env.PM_AJV + '/');
const Ajv = require('ajv/dist/2020').default;
const YAML = require('yaml');
const ajv = new Ajv({ allowMatchingProperties: true, strictTypes: false, allErrors: true });
require('ajv-formats').default(ajv);
const valid = ajv.compile(JSON.parse(fs.readFileSync(process.argv[2])));
let failed = 0;
for (const file of process.argv.slice(3)) {
  const front = fs.readFileSync(file, 'utf8').match(/^\ufeff?---\r?\n([\s\S]*?)\r?\n---\r?(\n|$)/);
  if (front && !valid(YAML.parse(front[1]))) {
    failed = 1;
    console.log(file, [...new Set(valid.errors.map((e) => e.instancePath))].join(' '));
  }
}
process.exit(failed);
