// The dot keeps a bundle from putting this file in its own place.
import createPgQueryModule from 'libpg-query/./wasm/libpg-query.js';
import { unpacked } from './packed.ts';

let compiled: WebAssembly.Module | undefined;

/**
 * In a bundle, what `libpg-query/wasm/libpg-query.js` is elsewhere. An instance is replaced when a statement broke it, so what
 * they are all made from is unpacked and compiled once.
 */
const create = (): ReturnType<typeof createPgQueryModule> =>
  createPgQueryModule({
    instantiateWasm: (imports, ready) => {
      compiled ??= new WebAssembly.Module(unpacked(new URL('./libpg-query.wasm.zst', import.meta.url)));
      ready(new WebAssembly.Instance(compiled, imports));
    },
  });

export default create;
