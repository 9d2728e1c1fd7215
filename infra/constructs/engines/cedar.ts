import { initSync } from '@cedar-policy/cedar-wasm/web';
import { unpacked } from './packed.ts';

/** In a bundle, what `@cedar-policy/cedar-wasm/nodejs` is elsewhere: the same WASM and the same glue, but for how the bytes are read. */
initSync({ module: unpacked(new URL('./cedar_wasm_bg.wasm.zst', import.meta.url)) });

export * from '@cedar-policy/cedar-wasm/web';
