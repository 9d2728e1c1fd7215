import { URL_SAFE, type Rule } from './rule.ts';

/** Models, and what is built around them. */
export const MODEL_RULES: readonly Rule[] = [
  {
    id: 'model-key',
    class: 'secret.token',
    keywords: ['sk-'],
    pattern: `sk-(?:or-v1-[a-f0-9]{64}|lf-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}|[a-f0-9]{32})`,
    tail: URL_SAFE,
    entropy: 3.2,
    finds: [
      'sk-or-v1-·0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      'sk-lf-·12345678-abcd-4bcd-8bcd-1234567890ab',
      'sk-·0123456789abcdef0123456789abcdef',
    ],
    leaves: ['sk-my-long-class-name-of-a-style-sheet'],
  },
  {
    id: 'model-pipeline-key',
    class: 'secret.token',
    keywords: ['lsv2_', 'pcsk_', 'tgp_v1_', 'jina_', 'csk-', 'fc-', 'fw_', 'sk_'],
    pattern: `lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}|pcsk_[A-Za-z0-9]{5,8}_[A-Za-z0-9]{40,80}|tgp_v1_[A-Za-z0-9_-]{43}|jina_[A-Za-z0-9]{60}|csk-[a-z0-9]{48}|fc-[a-f0-9]{32}|fw_[A-Za-z0-9]{22,24}|sk_[a-f0-9]{48}`,
    tail: URL_SAFE,
    entropy: 3,
    finds: [
      'lsv2_pt_·0123456789abcdef0123456789abcdef_0123456789',
      'sk_·0123456789abcdef0123456789abcdef0123456789abcdef',
    ],
  },
];
