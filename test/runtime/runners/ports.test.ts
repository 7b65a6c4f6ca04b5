import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, isListening, requireFreePort } from '../../../runtime/src/runners/ports.ts';

test('freePorts() gives different ports that can be listened on', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  for (const port of ports) await requireFreePort(port, 'a test');
});

test('requireFreePort() refuses a port that is taken, and isListening() sees who took it', async () => {
  const [port = 0] = await freePorts(1);
  expect(await isListening(port)).toBe(false);
  const server = createServer();
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  await new Promise<void>((resolve) => server.listen(port, () => resolve()));
  expect(await isListening(port)).toBe(true);
  await expect(requireFreePort(port, "Prism's job service")).rejects.toThrow(
    `Cannot start Prism's job service as its port must be free: received ${port}, which is taken`,
  );
});
