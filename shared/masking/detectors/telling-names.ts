/** Names under which a password stands: anything in it is one. */
export const PASSWORD_NAME =
  /passw(?:or)?d|passwd|passphrase|(?:^|[_.\s-])pwd(?:$|[_.\s-])|(?:^|[a-z_.-])pwd$|mot_de_passe|kennwort|contrase/i;

/** Names under which a key or token stands. `key` alone is too many things: a primary key, a sort key. */
export const SECRET_NAME =
  /secret|token|api[_\s.-]?key|apikey|access[_\s.-]?key|private[_\s.-]?key|auth[_\s.-]?key|master[_\s.-]?key|signing[_\s.-]?key|encryption[_\s.-]?key|account[_\s.-]?key|service[_\s.-]?key|subscription[_\s.-]?key|(?:^|[_.\s-])key$|_key\b|[a-z]Key\b|authorization|credential|bearer|cookie|session[_\s.-]?id|client[_\s.-]?secret|webhook|\bjwt\b/i;

/** Services whose keys have no form of their own: the name is what tells. */
export const VENDOR_NAME =
  /adafruit|airtable|algolia|alibaba|asana|atlassian|confluence|jira|beamer|bitbucket|bittrex|cloudflare|codecov|cohere|coinbase|contentful|datadog|discord|droneci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gitter|gocardless|heroku|hubspot|intercom|jfrog|artifactory|kraken|kucoin|launchdarkly|linkedin|mailchimp|mailgun|mattermost|meraki|message[_-]?bird|netlify|new[_-]?relic|okta|private[_-]?ai|rapidapi|sendbird|sidekiq|contribsys|snyk|softlayer|cloudant|sonar|sourcegraph|squarespace|sumologic|sumo[_.-]|telegram|travis|twitch|twitter|typeform|yandex|zendesk/i;
