import { Agent, request } from 'node:http';
import type { Answer, Call } from '../../local/proxy/protocol.ts';
import type { LoopbackServer } from '../stub/server.ts';
import { serveCalls } from '../stub/server.ts';

/** A call that passed, and when it came. */
export interface RecordedCall extends Pick<Call, 'service' | 'action' | 'parameters'> {
  readonly at: Date;
  readonly status: number;
}

/** Passes calls on to an emulator, records them, and changes nothing. */
export interface Recorder extends LoopbackServer {
  readonly calls: () => readonly RecordedCall[];
  readonly reset: () => void;
}

const PER_HOP = /^(host|connection|content-length|expect|transfer-encoding|keep-alive)$/;

const passOn = (upstream: URL, agent: Agent, { method, path, headers, body }: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !PER_HOP.test(name)));
    const outgoing = request(
      { hostname: upstream.hostname, port: upstream.port, agent, method, path, headers: passed },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const type = incoming.headers['content-type'];
          resolve({
            status: incoming.statusCode ?? 502,
            headers: type === undefined ? {} : { 'content-type': type },
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

/** Where calls go, and where those go that another answers. */
export interface Way {
  readonly upstreamUrl: string;
  readonly detour?: { readonly url: string; readonly takes: (call: Pick<Call, 'service' | 'action'>) => boolean };
}

export const startRecorder = async ({ upstreamUrl, detour }: Way): Promise<Recorder> => {
  const agent = new Agent({ keepAlive: true });
  let calls: RecordedCall[] = [];
  const server = await serveCalls(
    async (call) => {
      const at = new Date();
      const url = detour?.takes(call) ? detour.url : upstreamUrl;
      const answer = await passOn(new URL(url), agent, call);
      const { service, action, parameters } = call;
      calls.push({ service, action, parameters, at, status: answer.status });
      return answer;
    },
    () => undefined, // the client sees that its call failed
  );
  return {
    url: server.url,
    calls: () => calls,
    reset: () => {
      calls = [];
    },
    async stop() {
      await server.stop();
      agent.destroy();
    },
  };
};
