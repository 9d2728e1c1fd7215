/** Slack's client, imported later and always through here: of CommonJS, what a bundle imports later has no names. */
export { WebClient } from '@slack/web-api';
