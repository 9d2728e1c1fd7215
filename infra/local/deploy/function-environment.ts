import { join } from 'node:path';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import { defaultRegion } from '../services/service.ts';
import type { EmbeddedService } from '../services/service.ts';

/**
 * The environment of a function: what the template gives it and what Lambda adds, with the SDK's own variables pointing
 * at the embedded endpoints. Nothing of the developer's environment gets in: no profile, proxy or real credential.
 */
export function withEnvironment(
  spec: FunctionSpec,
  services: readonly EmbeddedService[],
  stateDir: string,
): FunctionSpec {
  // It sets flags of a process; threads of this one cannot have their own, and unbundled sources need no maps.
  const fromTemplate = Object.entries(spec.environment).filter(([name]) => name !== 'NODE_OPTIONS');
  const nowhere = join(stateDir, 'no-aws-profile');
  return {
    ...spec,
    environment: {
      ...Object.fromEntries(fromTemplate),
      ...Object.fromEntries(services.map((service) => [service.endpointVariable, service.url])),
      AWS_REGION: defaultRegion,
      AWS_DEFAULT_REGION: defaultRegion,
      AWS_ACCESS_KEY_ID: 'embedded',
      AWS_SECRET_ACCESS_KEY: 'embedded',
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_LAMBDA_FUNCTION_NAME: spec.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMegabytes),
      TZ: ':UTC',
    },
  };
}
