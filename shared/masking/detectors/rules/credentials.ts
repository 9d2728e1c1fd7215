import type { Rule } from './rule.ts';

/** Credentials that a protocol gives a place to: headers, addresses, command lines. */
export const CREDENTIAL_RULES: readonly Rule[] = [
  {
    id: 'authorization-header',
    class: 'secret.token',
    keywords: ['authorization'],
    pattern: `(?i:authorization)\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?(?i:basic|bearer|token)\\s{1,4}([A-Za-z0-9._~+/=-]{8,1000})`,
    tail: '',
    entropy: 2.5,
    finds: ['Authorization: Basic ·YnJvd3Nlcjo=', '"Authorization": "Bearer ·a1B2c3D4e5F6g7H8"'],
    leaves: ['Authorization: Bearer <token>', 'Authorization: Basic ...', 'Authorization: Bearer XXXXXXXXXXXX'],
  },
  {
    id: 'sidekiq-credential',
    class: 'secret.token',
    keywords: ['__contribsys__com'],
    pattern: `__CONTRIBSYS__COM["' ]{0,3}[=:]\\s{0,3}["']?([a-f0-9]{8}:[a-f0-9]{8})`,
    lead: '',
    finds: [
      'BUNDLE_ENTERPRISE__CONTRIBSYS__COM: ·cafebabe:deadbeef',
      'BUNDLE_GEMS__CONTRIBSYS__COM = "·cafebabe:deadbeef"',
    ],
  },
  {
    id: 'password-in-url',
    class: 'secret.password',
    keywords: ['://'],
    pattern: `[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\\s/?#@:"'<>]{0,128}:([^\\s/?#@"'<>]{1,256})@[A-Za-z0-9\\[._-]`,
    tail: '',
    finds: ['postgres://app:·hunter2@db.internal:5432/x', 'https://username:·password@yelp.com'],
    leaves: ['"https://url:8000";@something else', 'https://url:8000/ @x', 'http://h:80/a@b'],
  },
  {
    id: 'password-of-curl',
    class: 'secret.password',
    keywords: ['curl'],
    pattern: `curl\\b[^\\n]{0,400}?\\s(?:-u|--user)[= ]{1,3}["']?([^\\s"':<>$\\[{]{0,64}:[^\\s"'<>{\\[]{3,256}|[^\\s"':<>$\\[{]{6,64}:)["']? `,
    tail: '',
    entropy: 2,
    finds: ['curl -u elastic:·P@ssw0rd$1 https://es.example:9200'],
    leaves: ['curl -u "${_username}:${_password}" x', 'curl --user neo4j:[PASSWORD] http://x'],
  },
  {
    id: 'one-time-password-secret',
    class: 'secret.token',
    keywords: ['otpauth'],
    pattern: `otpauth(?:-migration)?://[^\\s"'<>]{0,300}[?&](?:secret|data)=([A-Za-z0-9%+/=_-]{16,1000})`,
    tail: '',
    finds: ['otpauth://totp/Shop:ada?secret=·JBSWY3DPEHPK3PXPJBSWY3DP&issuer=Shop'],
  },
];
