/** The Emscripten factory inside libpg-query: its public entry point keeps one instance for ever, and we must replace it. */
declare module 'libpg-query/*wasm/libpg-query.js' {
  interface PgQueryModule {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_scan(text: number): number;
    _wasm_free_string(text: number): void;
    getValue(pointer: number, type: 'i32'): number;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, bytes: number): void;
    UTF8ToString(pointer: number): string;
  }
  interface Making {
    /** Emscripten's own hook: makes the instance in place of reading a file beside the module. */
    instantiateWasm(imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void): void;
  }
  export default function createPgQueryModule(making?: Making): Promise<PgQueryModule>;
}
