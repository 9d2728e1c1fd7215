/** The one object in the bucket of the configuration. */
export const BUNDLE_KEY = 'bundle.json';
