/** Names under which a password stands, in the languages that people name columns and settings in: anything in it is one. */
const PASSWORD_NAME =
  /passw(?:or)?d|passwd|passphrase|passcode|(?:^|[_.\s-])(?:pwd|pw)(?:$|[_.\s-])|(?:^|[a-z_.-])pwd$|(?:^|[_.\s-])passe?\s*$|kennwort|passwort|contrase(?:n|ñ)|senha|wachtwoord|l[öo]senord|adgangskode|salasana|has[łl]o|heslo|parola|пароль|密[码碼]|パスワード|비밀번호|mnemonic|seed[_\s.-]?phrase|recovery[_\s.-]?(?:code|phrase)|(?:secret|security)[_\s.-]?answer/i;

/** Names under which a key or token stands. `key` alone is too many things: a primary key, a sort key. */
const SECRET_NAME =
  /secret|token|api[_\s.-]?key|apikey|access[_\s.-]?key|private[_\s.-]?key|auth[_\s.-]?key|master[_\s.-]?key|signing[_\s.-]?key|encryption[_\s.-]?key|account[_\s.-]?key|service[_\s.-]?key|subscription[_\s.-]?key|(?:^|[_.\s-])key$|_key\b|[a-z]Key\b|authorization|credential|bearer|cookie|session[_\s.-]?id|client[_\s.-]?secret|webhook|\bjwt\b/i;

/** Services whose keys have no form of their own: the name is what tells. Within a name it begins a word: `rookTable` is no Okta. */
export const VENDORS =
  /adafruit|airtable|algolia|alibaba|asana|atlassian|confluence|jira|beamer|bitbucket|bittrex|cloudflare|codecov|cohere|coinbase|contentful|datadog|discord|droneci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gitter|gocardless|heroku|hubspot|intercom|jfrog|artifactory|kraken|kucoin|launchdarkly|linkedin|mailchimp|mailgun|mattermost|meraki|message[_\s-]?bird|netlify|new[_\s-]?relic|okta|private[_\s-]?ai|rapidapi|sendbird|sidekiq|contribsys|snyk|softlayer|cloudant|sonar|sourcegraph|squarespace|sumologic|sumo[_.-]|telegram|travis|twitch|twitter|typeform|yandex|zendesk/gi;
const VENDOR_NAME = new RegExp(`(?:^|[^A-Za-z])(?:${VENDORS.source})`, 'i');

/** What services count and show to everyone: `jira_issue_id`. The id of a client is half of its credential. */
const OF_A_THING =
  /(?:user|account|app|org|organi[sz]ation|team|project|issue|channel|guild|message|request|customer|contact|order|space|workspace|page|event|record|entry|file|board|ticket)s?[\s_.-]?ids?\s*$/i;

/**
 * Keys that order, find or tell rows apart, and tokens that only say where a list goes on: these words are taken out of a
 * name before it is asked what it says.
 */
const HARMLESS =
  /(?:primary|foreign|natural|surrogate|composite|candidate|unique|partition|shard|sort|range|hash|group|order|row|cache|lookup|map|join|index|dedup(?:lication|e)?|idempotency|object|file|message|public|publishable)[_\s.-]*keys?|(?:page|pagination|next|previous|prev|continuation|continue|cursor|sync|resume|scroll|skip)[_\s.-]*token|secrets?[_\s.-]?manager/gi;

/** What a name ends with that speaks of a secret and is none: when a password changed, how long it must be, where it lies. */
const ABOUT =
  /(?:^|[\s_.-])(?:at|on|date|time|timestamp|ts|ttl|url|uri|link|endpoint|policy|rules?|strength|score|attempts?|tries|retries|count|counter|total|limit|usage|length|len|size|min|max|expiry|expires|expired|expiration|expir(?:es|y) (?:in|at|on)|in|age|days|seconds|changed|updated|created|issued|revoked|rotated|rotation|last used|required|enabled|disabled|allowed|type|kind|version|method|mode|status|state|algorithm|algo|encryption|rate|format|scope|scopes|audience|issuer|provider|file|path|dir|mount|field|column|label|prompt|placeholder|name|names|ref|reference|source|store|manager|arn|enc(?:rypted)? with)\s*$/i;

/** Names of the check number on the back of a card, which nobody may keep (PCI DSS 4.0, 3.3.1). */
const CARD_CODE =
  /(?:^|[\s_.-])(?:cvv2?|cvc2?|cv2|card[\s_.-]?(?:security|verification)[\s_.-]?(?:code|number|value))\s*$/i;

/** Names that stand over nothing but a secret: even an identifier in it is one. */
const CERTAIN =
  /(?:authorization|api[\s_.-]?key|(?:access|auth|bearer|refresh|session|api|secret)[\s_.-]?token|client[\s_.-]?secret|(?:^|[\s_.-])secret(?:[\s_.-]?key)?)\s*$/i;

/** What a name says of its value. */
export interface Said {
  readonly password: boolean;
  readonly secret: boolean;
  readonly certain: boolean;
  readonly vendor: boolean;
  readonly cardCode: boolean;
}

/** Names that were read lately: the same few stand over all values of an answer. */
const MAX_READ = 1_000;
const read = new Map<string, Said>();

/**
 * What a name says, or any of several as `wordsOf` sets them one after the other, two spaces apart. Each is asked by itself:
 * an alias that speaks of something else takes nothing from the name of the column that it stands for.
 */
export function saidBy(names: string): Said {
  const known = read.get(names);
  if (known !== undefined) return known;
  if (read.size >= MAX_READ) read.clear();
  const all = names.split('  ').map(saidByOne);
  const any = (which: keyof Said): boolean => all.some((says) => says[which]);
  const says = {
    password: any('password'),
    secret: any('secret'),
    certain: any('certain'),
    vendor: any('vendor'),
    cardCode: any('cardCode'),
  };
  read.set(names, says);
  return says;
}

const NOTHING: Said = { password: false, secret: false, certain: false, vendor: false, cardCode: false };

function saidByOne(name: string): Said {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2');
  if (ABOUT.test(words)) return NOTHING;
  const rest = name.replaceAll(HARMLESS, '');
  return {
    password: PASSWORD_NAME.test(rest),
    secret: SECRET_NAME.test(rest),
    certain: CERTAIN.test(words),
    vendor: (VENDOR_NAME.test(words) || VENDOR_NAME.test(name)) && !OF_A_THING.test(words),
    cardCode: CARD_CODE.test(words),
  };
}
