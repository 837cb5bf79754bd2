import { expect, test } from 'vitest';
import { looksSecret } from '../../../../src/git/commit/secret-names.ts';

test.each([
  '.env',
  'app/.env.local',
  'prod.env',
  '.envrc',
  'id_rsa',
  'ssh/id_ed25519',
  'server.key',
  'cert.PEM',
  '.npmrc',
  '.git-credentials',
  'credentials.json',
  'client_secret_123.json',
  'service-account-prod.json',
  'secrets.yaml',
  'terraform.tfvars',
  '.aws/credentials',
  'home/.kube/config',
])('%s looks like a secret', (path) => {
  expect(looksSecret(path)).toBe(true);
});

test.each([
  '.env.example',
  '.env.sample',
  'env.template',
  'id_rsa.pub',
  'src/credentials.ts',
  'docs/secrets.md',
  'keyboard.ts',
  'monkey',
  'environment.ts',
  'public.key.md',
  'secrets.example.yaml',
])('%s does not', (path) => {
  expect(looksSecret(path)).toBe(false);
});
