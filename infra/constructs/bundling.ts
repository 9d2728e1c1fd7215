import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunction } from './bundle-function.ts';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * One Lambda's code: `functions/<name>/index.ts` and all that it imports, the AWS SDK too, so that what was tested is
 * what runs. Bundled on this machine; no container is ever started.
 */
export function functionCode(name: string): Code {
  return Code.fromAsset(join(projectRoot, 'functions'), {
    // By what comes out: a comment changed elsewhere, or in a file that this function does not import, deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      command: [name],
      local: {
        tryBundle: (folder) => {
          bundleFunction(projectRoot, join(projectRoot, 'functions', name, 'index.ts'), folder);
          return true;
        },
      },
    },
  });
}
