import { expect, test } from 'vitest';
import { ServiceClient } from '../../../../runtime/src/portable/grpc/service-client.ts';
import { reach } from '../../../../runtime/src/portable/worker/reach.ts';
import { ProvisionService } from '../../../../runtime/src/proto/provision-api.ts';
import { freePort } from '../../../support/free-port.ts';
import { ScriptedRunner } from '../../../support/scripted-runner.ts';

test('reach() returns when the service answers', async () => {
  const { url } = await ScriptedRunner.start();
  const client = new ServiceClient(ProvisionService, { url });
  await reach(client, { url, purpose: 'provision' });
  client.close();
});

test('reach() names the service that nobody answers for', async () => {
  const url = `localhost:${await freePort()}`;
  const client = new ServiceClient(ProvisionService, { url });
  await expect(reach(client, { url, purpose: 'provision', timeoutMs: 50 })).rejects.toThrow(
    `Cannot start the worker as the runner's provision service must answer at ${url}: received nothing within 0.05 s`,
  );
  client.close();
});
