import { publicDns } from '../../internet/dns/public-dns.ts';
import { rdapRegistries } from '../../internet/rdap/registries.ts';
import { registries } from '../../internet/registries.ts';
import { tlsProbe } from '../../internet/tls/probe.ts';
import { whoisRegistries } from '../../internet/whois/registries.ts';
import type { ExpiryPorts } from '../../stories/watch-expiry/ports.ts';
import type { LocalInternet } from './settings.ts';

type Internet = Pick<ExpiryPorts, 'dns' | 'tls' | 'registries'>;

const LOOPBACK = '127.0.0.1';

const wholeInternet = (): Internet => ({
  dns: publicDns(),
  tls: tlsProbe(),
  registries: registries(rdapRegistries(), whoisRegistries()),
});

/** Every server, whatever its name, is one of the stand-ins. */
const standIns = ({ dns, tls, rdap, whois }: LocalInternet): Internet => {
  const server = { address: LOOPBACK, port: dns };
  const probe = tlsProbe({ mayConnectTo: (address) => address === LOOPBACK });
  return {
    dns: publicDns({ resolvers: [server], reach: () => server }),
    tls: { shakeHands: ({ host }) => probe.shakeHands({ host, port: tls, connectTo: LOOPBACK }) },
    registries: registries(
      rdapRegistries({
        bootstrapUrl: `http://${LOOPBACK}:${rdap}/dns.json`,
        mayAsk: ({ host }) => host === `${LOOPBACK}:${rdap}`,
      }),
      whoisRegistries({ host: LOOPBACK, port: whois }),
    ),
  };
};

/** The world outside AWS and Slack, or what stands in for it on one machine. */
export const internetFrom = (localInternet: LocalInternet | undefined): Internet =>
  localInternet === undefined ? wholeInternet() : standIns(localInternet);
