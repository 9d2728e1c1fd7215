import { growthOfCatalogues, growthOfStatements } from './analysis.ts';
import { growthOfArchive } from './archive.ts';
import { growthOfMasking } from './masking.ts';
import { growthOfPolicies } from './policies.ts';
import { growthOfPending } from './pending.ts';

/**
 * `npm run bench:growth`: what a decision, an analysis, masking and the table's queries cost as what they work on grows.
 * The last column is the exponent between the smallest and the largest: 0 is flat, 1 is linear.
 */
for (const part of [
  growthOfPolicies,
  growthOfStatements,
  growthOfCatalogues,
  growthOfMasking,
  growthOfPending,
  growthOfArchive,
])
  console.log(`${await part()}\n`);
