#!/usr/bin/env node
import { run } from './run.ts';
import { terminalOf } from './terminal.ts';

// Whoever reads only the beginning, as `| head` does, is not told of an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Not `exit`: what is still to be written to a pipe is written.
process.exitCode = await run(process.argv.slice(2), terminalOf(process), process.env);
