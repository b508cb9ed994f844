/**
 * How every SDK client of ours talks to AWS (design section 5): three attempts, 2 s to connect, 5 s for an answer.
 * `requestTimeout` alone would only log a warning; `throwOnRequestTimeout` makes it end the attempt. `socketTimeout` ends
 * an answer that starts and then stalls.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    socketTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
} as const;

/**
 * For a function that a person waits for, with Slack hanging up after 3 s: two attempts of at most 0.7 s, so that a read
 * and a write that both stall still leave time to say so.
 */
export const HASTY_CLIENT_SETTINGS = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 500,
    requestTimeout: 700,
    socketTimeout: 700,
    throwOnRequestTimeout: true,
  },
} as const;

/**
 * A client made when it is first asked for and then kept, so that its connections are.
 * Each service has its own `client.ts`: a bundle holds the clients it imports and no others.
 */
export const madeOnce = <Client>(make: () => Client): (() => Client) => {
  let made: { readonly client: Client } | undefined;
  return () => {
    made ??= { client: make() };
    return made.client;
  };
};

/** The same, one client for each Region that is asked. */
export const madeOncePerRegion = <Client>(make: (region: string) => Client): ((region: string) => Client) => {
  const made = new Map<string, Client>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
};
