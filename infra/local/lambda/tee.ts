/** Where a function's output goes. */
export interface Output {
  write(text: string): void;
}

/** The output, and each whole line of it to `heard`: a piece of output may end anywhere. */
export function tee(output: Output, heard: (line: string) => void): Output {
  let rest = '';
  return {
    write(text) {
      output.write(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) heard(line);
    },
  };
}
