import { basename } from 'node:path';

/** Files that hold credentials by convention. Templates of them do not. */
const SECRET_NAMES: readonly RegExp[] = [
  /^\.env(\..+)?$/,
  /^.+\.env$/,
  /^\.envrc$/,
  /^\.dev\.vars$/,
  /^\.(npmrc|pypirc|netrc|pgpass|htpasswd|git-credentials|my\.cnf|dockercfg|s3cfg|boto|terraformrc)$/,
  /^_netrc$/,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk|kdbx|ovpn|tfstate|tfvars)$/,
  /^\.?credentials(\.(json|ya?ml|toml|ini|csv))?$/,
  /^client_secret.*\.json$/,
  /^service[-_]?account.*\.json$/,
  /^secrets?\.(json|ya?ml|toml|ini|env|txt)$/,
  /^.*(private|secret)[-_]?key.*\.(json|txt|pem|asc)$/,
];

const TEMPLATES = /[.\-_](example|sample|template|dist|defaults?|schema|test)(\.[a-z]+)?$/;

/** Whether a path looks like a secret by its name alone, e.g. `.env`, `config/.env.local`, `id_ed25519`, `server.pem`. */
export function looksSecret(path: string): boolean {
  const name = basename(path).toLowerCase();
  if (/(^|\/)\.(aws|ssh|gnupg|kube|docker)\/(credentials|config|config\.json|id_.*|private-keys.*)$/.test(path)) return true;
  return !TEMPLATES.test(name) && SECRET_NAMES.some((pattern) => pattern.test(name));
}
