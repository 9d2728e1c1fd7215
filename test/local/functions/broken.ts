/** Fails while it is loaded. */
throw new Error('no configuration');
