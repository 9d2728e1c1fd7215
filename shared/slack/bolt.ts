/** Bolt, imported later and always through here: of CommonJS, what a bundle imports later has no names. */
export { App } from '@slack/bolt';
