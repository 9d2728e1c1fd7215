import type { Clock } from '../../../shared/platform/clock.ts';

/**
 * One AWS service as the laptop has it: an HTTP endpoint on loopback that unmodified AWS SDK clients talk to.
 * Each is honest: what it does, it does as AWS does; what it does not do is refused in the service's own error shape.
 * None of them checks signatures or IAM: on a laptop there is nobody to keep out but other sites' pages (wire/origin.ts).
 */
export interface EmbeddedService {
  /** The service's name for people, such as `DynamoDB`. */
  readonly name: string;
  /** The variable by which an AWS SDK client finds this endpoint, such as `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpointVariable: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Finishes what is being written, closes every connection and releases the state. Safe to call twice. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** The folder of all embedded state; each service makes a folder of its own in it. */
  readonly stateDir: string;
  /** Default 127.0.0.1: these endpoints hold secrets and check no signature, so they never listen for the network. */
  readonly host?: string;
  /** Default 0, a free port that the system picks. */
  readonly port?: number;
  /** Default the machine's clock. Tests set the hour. */
  readonly clock?: Clock;
}

/** The account and region of everything embedded. The account is LocalStack's too, so that ARNs look alike on both. */
export const account = '000000000000';
export const defaultRegion = 'us-east-1';

export const machineClock: Clock = () => new Date();
