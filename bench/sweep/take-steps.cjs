// A process that lives as long as a sweep: takes each message that its parent hands it, and says how much memory it ever had.
const [bundle] = process.argv.slice(2);
const { handler } = require(bundle);

const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'sweep',
  getRemainingTimeInMillis: () => 60_000,
};

// Whoever measures is gone.
process.on('disconnect', () => process.exit(1));
process.on('message', (event) => {
  handler(event, context).then(
    (answer) => process.send({ answer, maximumKilobytes: process.resourceUsage().maxRSS }),
    (error) => process.send({ error: String(error) }),
  );
});
process.send('ready');
