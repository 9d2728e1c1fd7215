// Run as a program: all storage services on the folder given, their addresses on one line, until somebody kills it.
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { startKms } from '../../infra/local/services/kms/server.ts';
import { startS3 } from '../../infra/local/services/s3/server.ts';
import { startSecretsManager } from '../../infra/local/services/secrets-manager/server.ts';

const [stateDir = ''] = process.argv.slice(2);
const services = await Promise.all([
  startDynamoDb({ stateDir }),
  startS3({ stateDir }),
  startSecretsManager({ stateDir }),
  startKms({ stateDir }),
]);
console.log(JSON.stringify(services.map((service) => service.url)));
// A test that dies must not leave this behind: end with the pipe that our parent holds.
process.stdin.resume().on('end', () => process.exit(0));
