import { createScanner } from './shared/masking/detectors/index.ts';
const s = createScanner({ on: [], off: [] });
const vals: any = {
  int: 12345, bigint: 1732838400000, short: 'shipped', name: 'Ada Lovelace', ts: '2026-11-21 10:00:00.123456', uuid: '550e8400-e29b-41d4-a716-446655440000', price: '1234.56', sentence: 'Customer asked for a refund because the parcel arrived late and broken.', url:'https://shop.example.com/products/12345?ref=mail', json: '{"id": 12, "status": "open", "tags": ["a","b"], "at": "2026-11-21T10:00:00Z"}', email: 'ada.lovelace@example.com', sku:'SKU-2026-000123-A', hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', german: 'Straße der Einheit 12, 10115 Berlin-Mitte', iban:'DE89370400440532013000', gh: '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'
};
for (const [k, v] of Object.entries(vals)) { for (let i=0;i<2000;i++) s.value(v as any,'customer_id'); const t=process.hrtime.bigint(); for (let i=0;i<5000;i++) s.value(v as any,'customer_id'); console.log(k.padEnd(10), (Number(process.hrtime.bigint()-t)/5000/1000).toFixed(2),'µs'); }
