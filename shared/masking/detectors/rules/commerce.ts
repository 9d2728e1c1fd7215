import { URL_SAFE, type Rule } from './rule.ts';

/** Payments, shops and parcels. */
export const COMMERCE_RULES: readonly Rule[] = [
  {
    id: 'stripe-key',
    class: 'secret.token',
    keywords: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_', 'whsec_'],
    pattern: `[sr]k_(?:test|live|prod)_[A-Za-z0-9]{10,247}|whsec_[A-Za-z0-9+/=]{24,64}`,
    entropy: 2,
    finds: ['sk_live_·ReTllpYQYfIZu2Jnf2lAPFjD'],
    leaves: ['pk_live_j5krY8XTgIcDaHDb3YrsAfCl', 'sk_live_'],
  },
  {
    id: 'square-token',
    class: 'secret.token',
    keywords: ['sq0atp-', 'sq0csp-', 'eaaa'],
    pattern: `sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}|EAAA[A-Za-z0-9_-]{56,60}`,
    tail: URL_SAFE,
    finds: ['sq0atp-·812erere3wewew45678901'],
    leaves: ['eaaa7b11777babe28e6133a8b19ff71cea687e0d7f05158dee95a71f76ce3d00'],
  },
  {
    id: 'shopify-token',
    class: 'secret.token',
    keywords: ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'],
    pattern: `shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{32}`,
    entropy: 2,
    finds: [`shpat_·${'0123456789abcdef'.repeat(2)}`],
  },
  {
    id: 'paypal-braintree-token',
    class: 'secret.token',
    keywords: ['access_token$'],
    pattern: `access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}`,
    finds: [`access_token$production$·0123456789abcdef$${'0123456789abcdef'.repeat(2)}`],
  },
  {
    id: 'plaid-token',
    class: 'secret.token',
    keywords: ['access-sandbox-', 'access-development-', 'access-production-'],
    pattern: `access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`,
    finds: ['access-sandbox-·12345678-abcd-abcd-abcd-1234567890ab'],
  },
  {
    id: 'flutterwave-key',
    class: 'secret.token',
    keywords: ['flwseck'],
    pattern: `FLWSECK(?:_TEST)?-[a-z0-9]{12,32}(?:-X)?`,
    finds: ['FLWSECK_TEST-·a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4-X'],
  },
  {
    id: 'easypost-key',
    class: 'secret.token',
    keywords: ['ezak', 'eztk'],
    pattern: `EZ[AT]K[A-Za-z0-9]{54}`,
    finds: [`EZAK·${'a1B2c3D4e'.repeat(6)}`],
  },
  {
    id: 'shippo-token',
    class: 'secret.token',
    keywords: ['shippo_'],
    pattern: `shippo_(?:live|test)_[a-fA-F0-9]{40}`,
    finds: [`shippo_live_·${'0123456789'.repeat(4)}`],
  },
  {
    id: 'duffel-token',
    class: 'secret.token',
    keywords: ['duffel_'],
    pattern: `duffel_(?:test|live)_[A-Za-z0-9_=-]{43}`,
    tail: URL_SAFE,
    finds: [`duffel_live_·${'a1B2c3D4e5'.repeat(4)}f6g`],
  },
];
