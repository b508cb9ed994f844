#!/usr/bin/env node
import { run } from './run.ts';
import { terminalOf } from './terminal.ts';

// Not `exit`: what is still to be written to a pipe is written.
process.exitCode = await run(process.argv.slice(2), terminalOf(process), process.env);
