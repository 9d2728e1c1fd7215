/** The Web API's methods that the gateway calls, and the scope that Slack wants for each (api.slack.com/methods). */
export const SLACK_METHODS: Readonly<Record<string, string | undefined>> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  // Answers a click by its trigger, for which Slack wants no scope.
  'views.open': undefined,
};

/** What the app is installed with: no more than its methods want. docs/slack-app.yaml is held to this. */
export const SLACK_SCOPES: readonly string[] = [
  ...new Set(Object.values(SLACK_METHODS).flatMap((scope) => (scope === undefined ? [] : [scope]))),
];
