import { expect, test } from 'vitest';
import { strangerIn } from '../../shared/mcp/callers.ts';

const OURS = { publicUrl: 'https://gateway.example/', mcp: { hosts: ['alias.example'], origins: ['console.example'] } };

/** DNS rebinding: the page's own name comes as Host, and its origin as Origin. */
test.each([
  [{ host: 'gateway.example' }, undefined],
  [{ host: 'GATEWAY.example:443' }, undefined],
  [{ host: 'alias.example' }, undefined],
  [{ host: 'gateway.example', origin: 'https://gateway.example' }, undefined],
  [{ host: 'gateway.example', origin: 'https://console.example' }, undefined],
  [{}, 'Host'],
  [{ host: '' }, 'Host'],
  [{ host: 'evil.example' }, 'Host'],
  [{ host: 'gateway.example.evil.example' }, 'Host'],
  [{ host: 'gateway.example, evil.example' }, 'Host'],
  [{ host: 'gateway.example@evil.example' }, 'Host'],
  [{ host: 'console.example' }, 'Host'],
  [{ host: '127.0.0.1' }, 'Host'],
  [{ host: 'gateway.example', origin: 'https://evil.example' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'https://alias.example' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'https://gateway.example.evil.example' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'https://gateway.example, https://evil.example' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'null' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'file://' }, 'Origin'],
  [{ host: 'gateway.example', origin: 'nothing of the kind' }, 'Origin'],
])('a caller with %j is a stranger by %s', (headers, header) => {
  expect(strangerIn(headers, OURS)?.header).toBe(header);
});
