import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Answer, Call } from '../../local/proxy/protocol.ts';
import { readCall } from '../../local/proxy/protocol.ts';

/** A server of ours on a free port of 127.0.0.1. */
export interface LoopbackServer {
  readonly url: string;
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
};

/** Answers calls of AWS's SDKs with whatever `answer` says; what it throws is the answer 501, and goes to `onProblem`. */
export const serveCalls = async (
  answer: (call: Call) => Answer | Promise<Answer>,
  onProblem: (problem: unknown) => void,
): Promise<LoopbackServer> => {
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(request);
      const call = readCall(request.method ?? 'GET', request.url ?? '/', request.headers, body);
      const { status, headers, body: answered } = await answer(call);
      response.writeHead(status, { ...headers, 'content-length': String(answered.length) }).end(answered);
    };
    serve().catch((problem: unknown) => {
      onProblem(problem);
      response.writeHead(501).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
