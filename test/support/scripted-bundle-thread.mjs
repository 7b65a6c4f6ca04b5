/**
 * A bundle thread that does what its descriptor's id says, to test what stands between it and the runner.
 *
 * echo: what comes in goes out. respond: what comes in is the response. state: what comes in is a StateRequest, its
 * answer goes out. fail, exit, print: as they say. wait: takes nothing before it is asked for progress, then echoes.
 * flood: 600 messages of 100 kB go out, one for each credit after the first ten.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const bundles = new Map();
const EMPTY = new Uint8Array();

parentPort.on('message', (message) => {
  const bundle = bundles.get(message.instructionId);
  switch (message.kind) {
    case 'register':
      break;
    case 'bundle':
      begin(message);
      break;
    case 'data':
      if (bundle.kind === 'wait' && !bundle.isReleased) bundle.held.push(message);
      else take(bundle, message);
      break;
    case 'credit':
      bundle?.credit?.();
      break;
    case 'progress':
      if (bundle?.kind === 'wait') {
        bundle.isReleased = true;
        for (const held of bundle.held.splice(0)) take(bundle, held);
      }
      post({ kind: 'answer', token: message.token, response: EMPTY });
      break;
    case 'split':
      post({ kind: 'refused', token: message.token, error: 'cannot split' });
      break;
    case 'finalize':
      post({ kind: 'log', severity: 'info', message: `finalized ${message.instructionId}` });
      post({ kind: 'answer', token: message.token, response: EMPTY });
      break;
    case 'sample':
      post({ kind: 'answer', token: message.token, response: EMPTY });
      break;
    case 'abort':
      post({ kind: 'log', severity: 'warn', message: `aborted ${message.instructionId}: ${message.reason}` });
      break;
    case 'close':
      post({ kind: 'closed' });
      break;
  }
});
if (workerData.pipelineOptions.broken === undefined) post({ kind: 'ready' });
else post({ kind: 'broken', error: workerData.pipelineOptions.broken });

function begin({ instructionId, descriptorId: kind }) {
  const bundle = { instructionId, kind, held: [], isReleased: false, response: EMPTY };
  bundles.set(instructionId, bundle);
  if (kind === 'exit') process.exit(3);
  if (kind === 'flood') flood(bundle);
}

function take(bundle, { bytes, isLast }) {
  const { instructionId, kind } = bundle;
  post({ kind: 'consumed', instructionId, bytes: bytes.byteLength });
  if (bytes.byteLength > 0) {
    if (kind === 'echo' || kind === 'wait') output(bundle, bytes, false);
    else if (kind === 'respond') bundle.response = bytes;
    else if (kind === 'state') output(bundle, ask(bytes), false);
    else if (kind === 'print') console.log(Buffer.from(bytes).toString());
  }
  if (!isLast || kind === 'flood') return;
  if (kind === 'fail') post({ kind: 'failed', instructionId, error: 'boom' });
  else end(bundle);
}

function flood(bundle) {
  let sent = 0;
  bundle.credit = () => {
    sent += 1;
    if (sent < 600) output(bundle, new Uint8Array(100_000), false);
    else if (sent === 600) end(bundle);
  };
  for (let i = 0; i < 10; i += 1) bundle.credit();
}

function ask(request) {
  const { signal, port } = workerData.state;
  const word = new Int32Array(signal);
  const before = Atomics.load(word, 0);
  post({ kind: 'state', token: 7, request });
  Atomics.wait(word, 0, before);
  return receiveMessageOnPort(port).message.response;
}

function end(bundle) {
  output(bundle, EMPTY, true);
  post({ kind: 'done', instructionId: bundle.instructionId, response: bundle.response });
}

function output({ instructionId }, bytes, isLast) {
  post({ kind: 'output', instructionId, transformId: 'sink', bytes, isLast });
}

function post(message) {
  parentPort.postMessage(message);
}
