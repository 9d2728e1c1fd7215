// An agent's whole client: node client.ts CONNECTION STATEMENT [REASON]. Node 22.18 or newer, nothing else.
const { COUNTERSIGN_URL: url = '', COUNTERSIGN_TOKEN: token = '' } = process.env;
const [connection, statement, ...reason] = process.argv.slice(2);

const call = async (path: string, body?: object) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(url + path, { headers, ...init })).json();
};

let answer = await call('/v1/execute', { connection, statement, reason: reason.join(' '), wait: 20 });
while (answer.status === 'pending_approval' || answer.status === 'running') {
  console.error(answer.approval?.detail ?? 'It runs.');
  answer = await call(answer.links.poll);
}
// A problem (RFC 9457) has a `code` for programs and a `detail` for whoever reads.
console.log(JSON.stringify(answer.result?.rows ?? answer.detail));
process.exitCode = answer.status === 'succeeded' ? 0 : 1;
