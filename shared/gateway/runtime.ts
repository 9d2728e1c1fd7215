import type { Bundle } from '../contracts/config/bundle.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Caller } from '../domain/caller.ts';
import type { IdentityRefusal } from '../identity/refusal.ts';
import type { Classifier } from '../masking/classify.ts';
import type { Scanner } from '../masking/detectors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Result } from '../platform/result.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Metrics } from './ports/metrics.ts';

export interface Authenticator {
  authenticate(authorization: string | undefined): Promise<Result<Caller, IdentityRefusal>>;
}

/** The configuration in force, and what is built from it. */
export interface Runtime {
  readonly bundle: Bundle;
  readonly engine: PolicyEngine;
  readonly authenticator: Authenticator;
  readonly classify: Classifier;
  readonly scanner: Scanner;
}

export interface ConfigurationFault {
  readonly code: 'configuration_unavailable';
  readonly message: string;
}

/** Where the configuration in force comes from. */
export interface RuntimeSource {
  /** At most the configured age old. */
  current(): Promise<Result<Runtime, ConfigurationFault>>;
  /** Read again now: for votes and approved runs, where who may say yes at this moment matters more than a few ms. */
  fresh(): Promise<Result<Runtime, ConfigurationFault>>;
}

/** What every story needs of the world. */
export interface Surroundings {
  readonly runtime: RuntimeSource;
  readonly clock: Clock;
  /** 128 random bits, hex. */
  readonly nonce: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Connectors by kind. */
export type Connectors = ReadonlyMap<string, Connector>;
