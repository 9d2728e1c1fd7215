/** Now, passed in wherever time matters, so that the middle stays pure and tests can set the hour. */
export type Clock = () => Date;
