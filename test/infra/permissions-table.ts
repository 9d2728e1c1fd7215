import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/constructs/bundling.ts';
import { functions, type FunctionSpec } from '../../infra/functions.ts';
import { codeSpansOf, tableOf } from '../docs/documents.ts';
import type { Permission } from './template.ts';

export const PERMISSIONS = readFileSync(join(projectRoot, 'docs', 'PERMISSIONS.md'), 'utf8');

/** Logical ids of roles, as the table's first column names them: functions, every holder of a grant, or ids. */
function rolesOf(who: string): readonly string[] {
  const of = (name: string): string => `${name.replaceAll('-', '')}partsRole`;
  const holding = (grant: string): string[] =>
    Object.entries<FunctionSpec>(functions).flatMap(([name, spec]) =>
      spec.grants.some((one) => one === grant) ? [of(name)] : [],
    );
  const named = codeSpansOf(who).flatMap((name) =>
    name.includes(':') ? holding(name) : [Object.hasOwn(functions, name) ? of(name) : name],
  );
  return who.startsWith('every function') ? [...Object.keys(functions).map(of), ...named] : named;
}

/** `role action resource`, one line for each pattern that docs/PERMISSIONS.md allows. */
export const writtenPatterns: readonly string[] = tableOf(PERMISSIONS, 'who').flatMap(
  ([who = '', actions = '', resource = '']) =>
    rolesOf(who).flatMap((role) =>
      codeSpansOf(actions).flatMap((action) => codeSpansOf(resource).map((one) => `${role} ${action} ${one}`)),
    ),
);

/** A pattern of the template in the words of the table: which secret it is, and which account's assets, is the configuration's business. */
export function inWords({ role, action, resource }: Permission): string {
  const plainRole = role.replace(/^CustomCDKBucketDeployment.*/, 'uploader');
  const words = resource
    .replace(/^arn:.*:secret:.*-\?{6}$/, 'SECRET-??????')
    .replace(/^arn:.*:cdk-hnb659fds-assets-.*\/\*$/, 'ASSETS/*')
    .replace(/^.*ConfigurationBucket.*\/\*$/, 'ConfigurationBucket.Arn/*');
  return `${plainRole} ${action} ${words}`;
}
