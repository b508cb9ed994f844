import type { ExpirySettings } from '../../domain/expiry/settings.ts';
import { expirySettingsFrom } from '../../domain/expiry/settings-from.ts';
import type { Settings } from '../../domain/settings.ts';
import { listOf, SettingError, text } from '../../domain/settings.ts';

/** Ports of loopback where stand-ins answer for the world outside: DNS, TLS servers, RDAP, WHOIS. */
export interface LocalInternet {
  readonly dns: number;
  readonly tls: number;
  readonly rdap: number;
  readonly whois: number;
}

/** What this function has settings for beside the stage's. */
export interface AlertSettings {
  readonly expiry: ExpirySettings;
  /** On one machine nothing outside is asked: stand-ins are, and where there is none, nobody. */
  readonly localInternet: LocalInternet | undefined;
  readonly table: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** The port of discard, where nobody answers. */
const NOWHERE = 9;

const LOCAL_INTERNET = 'USHER_LOCAL_INTERNET';

const localInternetFrom = (settings: Settings): LocalInternet | undefined => {
  const pairs = listOf(
    settings,
    LOCAL_INTERNET,
    /^(?:dns|tls|rdap|whois)=\d{1,5}$/,
    'dns=5353 tls=8443 rdap=… whois=…',
  );
  const isLocal = text(settings, 'USHER_STAGE') === 'local';
  if (pairs.length > 0 && !isLocal) throw new SettingError(`${LOCAL_INTERNET} is for the stage local alone`);
  if (!isLocal) return undefined;
  const ports = new Map(pairs.map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])] as const));
  const port = (name: keyof LocalInternet): number => ports.get(name) ?? NOWHERE;
  return { dns: port('dns'), tls: port('tls'), rdap: port('rdap'), whois: port('whois') };
};

/**
 * The settings of alert-expiring-certificates from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const alertSettingsFrom = (settings: Settings): AlertSettings => ({
  expiry: expirySettingsFrom(settings),
  localInternet: localInternetFrom(settings),
  table: text(settings, 'USHER_TABLE'),
  queueUrl: text(settings, 'USHER_EXPIRY_QUEUE_URL'),
  deadLetterQueueUrl: text(settings, 'USHER_EXPIRY_DEAD_LETTER_QUEUE_URL'),
});
