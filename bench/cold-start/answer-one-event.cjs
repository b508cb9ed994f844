// A fresh process, as Lambda starts one: loads a bundle, lets its handler answer one event, says the answer, ends.
const { readFileSync } = require('node:fs');

const [bundle, eventFile] = process.argv.slice(2);
const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 60_000,
};

const { handler } = require(bundle);
handler(JSON.parse(readFileSync(eventFile, 'utf8')), context).then(
  (answer) => process.stdout.write(`${JSON.stringify(answer ?? null)}\n`, () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
