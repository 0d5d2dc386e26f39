// Renders the cases that make_cases.py has written with @huggingface/jinja, and prints how many agree with Jinja2 and the others.
//
// Usage: npm install @huggingface/jinja, then  node compare.mjs CASES.jsonl [DIFFERENCES]
// in the folder of the installed package. The environment is transformers.js's: trim_blocks and lstrip_blocks.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [file, shown = "20"] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(process.cwd(), "package.json")));
const { Template } = await import(pathToFileURL(require.resolve("@huggingface/jinja")));

let common = null;
let [cases, equal, bothFail, onlyTheirs, onlyJinja2, otherText] = [0, 0, 0, 0, 0, 0];
const differences = [];
for await (const line of createInterface({ input: createReadStream(file) })) {
  const row = JSON.parse(line);
  if (common === null) {
    common = row.variables;
    delete common.none; // a literal there
    continue;
  }

  cases++;
  let text = null;
  let error = null;
  try {
    text = new Template(row.template).render({ ...structuredClone(common), ...row.variables });
  } catch (caught) {
    error = String(caught.message ?? caught);
  }

  if (error !== null && row.error !== undefined) bothFail++;
  else if (error === null && text === row.ok) equal++;
  else {
    if (error !== null) onlyTheirs++;
    else if (row.error !== undefined) onlyJinja2++;
    else otherText++;
    differences.push(`${row.template}\n  Jinja2 ${JSON.stringify(row.ok ?? row.error)}\n  @huggingface/jinja ${JSON.stringify(text ?? error)}`);
  }
}

console.log(`${cases} cases: ${equal} equal texts, ${bothFail} errors in both; ${onlyTheirs} errors only there, ${onlyJinja2} only in Jinja2, ${otherText} other texts`);
for (const difference of differences.slice(0, Number(shown))) console.log(difference);
