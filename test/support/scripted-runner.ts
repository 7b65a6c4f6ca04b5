import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { serve, type ServedService } from '../../runtime/src/portable/grpc/service-server.ts';
import {
  ArtifactRetrievalService,
  GetArtifactResponseSchema,
  ResolveArtifactsResponseSchema,
  type GetArtifactRequest,
  type GetArtifactResponse,
} from '../../runtime/src/proto/artifact-api.ts';
import {
  BeamFnControl,
  BeamFnData,
  BeamFnLogging,
  BeamFnState,
  BeamFnWorkerStatus,
  ElementsSchema,
  InstructionRequestSchema,
  ProcessBundleDescriptorSchema,
  RemoteGrpcPortSchema,
  type Elements,
  type InstructionRequest,
  type InstructionResponse,
  type LogEntry,
  type LogEntry_List,
  type StateRequest,
  type StateResponse,
  type WorkerStatusRequest,
  type WorkerStatusResponse,
} from '../../runtime/src/proto/fn-api.ts';
import {
  GetProvisionInfoResponseSchema,
  ProvisionService,
  type ProvisionInfo,
  type ProvisionInfoSchema,
} from '../../runtime/src/proto/provision-api.ts';
import type { ArtifactInformation } from '../../runtime/src/proto/runner-api.ts';
import { until } from './until.ts';

/** What a scripted runner knows of its job. */
export interface ScriptedJob {
  /** More of what the provision service tells. */
  readonly info?: Partial<Omit<ProvisionInfo, '$typeName' | '$unknown'>>;
  /** Artifacts by the bytes of their type payload, as text. */
  readonly artifacts?: ReadonlyMap<string, Uint8Array>;
  /** Answers state requests; an empty response by default. */
  readonly state?: (request: StateRequest) => StateResponse;
}

type InstructionInit = NonNullable<MessageInitShape<typeof InstructionRequestSchema>['request']>;

interface Answers {
  readonly promise: Promise<InstructionResponse>;
  readonly resolve: (response: InstructionResponse) => void;
}

/** A runner's side of the Fn API, over real gRPC, that does what a test says. */
export class ScriptedRunner {
  /** Of all its services. */
  url = '';
  readonly logs: LogEntry[] = [];
  /** What came over the data stream. */
  readonly elements: Elements['data'] = [];
  readonly workerIds = new Set<string>();
  readonly fetched: string[] = [];
  isReading = true;
  readonly #job: ScriptedJob;
  readonly #answers = new Map<string, Answers>();
  #control: ServerDuplexStream<InstructionResponse, InstructionRequest> | undefined;
  #data: ServerDuplexStream<Elements, Elements> | undefined;
  #status: ServerDuplexStream<WorkerStatusResponse, WorkerStatusRequest> | undefined;
  readonly statuses: string[] = [];
  #stop: () => Promise<void> = () => Promise.resolve();

  private constructor(job: ScriptedJob) {
    this.#job = job;
  }

  /** Starts one, which ends with the test. */
  static async start(job: ScriptedJob = {}): Promise<ScriptedRunner> {
    const runner = new ScriptedRunner(job);
    const server = await serve(runner.#services());
    runner.url = server.url;
    runner.#stop = () => server.close();
    onTestFinished(() => server.close());
    return runner;
  }

  /** Waits for a worker's control stream. */
  async connected(): Promise<void> {
    await until(() => Promise.resolve(this.#control !== undefined), { what: 'a worker is connected' });
  }

  /** Sends an instruction and waits for its response. */
  async instruct(instructionId: string, request: InstructionInit): Promise<InstructionResponse> {
    await this.connected();
    const answer = withResolvers();
    this.#answers.set(instructionId, answer);
    this.#control?.write(create(InstructionRequestSchema, { instructionId, request }));
    return answer.promise;
  }

  /** Sends a bundle of a descriptor that the scripted thread knows by `kind`, then its chunks. */
  async bundle(instructionId: string, kind: string, chunks: readonly Uint8Array[]) {
    const response = this.instruct(instructionId, {
      case: 'processBundle',
      value: { processBundleDescriptorId: kind },
    });
    await this.send(instructionId, chunks);
    return response;
  }

  /** Sends data for the source, then its end, no faster than it is read. */
  async send(instructionId: string, chunks: readonly Uint8Array[]): Promise<void> {
    await this.dataOpen();
    for (const data of chunks) await this.sendElements({ instructionId, data, isLast: false });
    await this.sendElements({ instructionId, data: new Uint8Array(), isLast: true });
  }

  /** Sends one message; resolves when gRPC has taken it. */
  sendElements(data: { instructionId: string; data: Uint8Array; isLast: boolean }): Promise<void> {
    return new Promise((resolve) => {
      this.#data?.write(create(ElementsSchema, { data: [{ ...data, transformId: 'source' }] }), () =>
        resolve(),
      );
    });
  }

  async dataOpen(): Promise<void> {
    await until(() => Promise.resolve(this.#data !== undefined), { what: 'the data stream is open' });
  }

  /** The bytes that came for an instruction. */
  output(instructionId: string): Buffer {
    return Buffer.concat(
      this.elements.filter((data) => data.instructionId === instructionId).map(({ data }) => data),
    );
  }

  /** Reads what comes over the data stream again, after `isReading` was false. */
  resume(): void {
    this.isReading = true;
    this.#data?.resume();
  }

  /** Sends timers of a family that are due. */
  sendTimers(instructionId: string, timers: Uint8Array): void {
    const due = { instructionId, transformId: 'timed', timerFamilyId: 'flush', timers };
    this.#data?.write(create(ElementsSchema, { timers: [due] }));
  }

  askStatus(): void {
    this.#status?.write({ $typeName: 'org.apache.beam.model.fn_execution.v1.WorkerStatusRequest', id: '1' });
  }

  /** Ends the data stream, as a runner does that restarts. */
  endData(): void {
    this.#data?.end();
    this.#data = undefined;
  }

  /** Ends the control stream, as a runner does when its job is done. */
  endControl(): void {
    this.#control?.end();
  }

  /** Cuts all connections. */
  async cut(): Promise<void> {
    await this.#stop();
  }

  #services(): ServedService[] {
    return [
      {
        service: BeamFnControl,
        handlers: {
          control: (call: ServerDuplexStream<InstructionResponse, InstructionRequest>) => {
            this.workerIds.add(String(call.metadata.get('worker_id')[0]));
            this.#control = call;
            call.on('data', (response: InstructionResponse) => {
              this.#answers.get(response.instructionId)?.resolve(response);
            });
            call.on('error', () => undefined);
            call.on('end', () => call.end());
          },
          getProcessBundleDescriptor: (
            call: { request: { processBundleDescriptorId: string } },
            answer: (error: null, value: unknown) => void,
          ) => answer(null, this.#descriptor(call.request.processBundleDescriptorId)),
        },
      },
      {
        service: BeamFnData,
        handlers: {
          data: (call: ServerDuplexStream<Elements, Elements>) => {
            this.#data = call;
            call.on('data', ({ data }: Elements) => {
              this.elements.push(...data);
              if (!this.isReading) call.pause();
            });
            call.on('error', () => undefined);
            call.on('end', () => call.end());
          },
        },
      },
      {
        service: BeamFnState,
        handlers: {
          state: (call: ServerDuplexStream<StateRequest, StateResponse>) => {
            call.on('data', (request: StateRequest) => {
              const response = this.#job.state?.(request);
              if (response !== undefined) call.write({ ...response, id: request.id });
            });
            call.on('error', () => undefined);
            call.on('end', () => call.end());
          },
        },
      },
      {
        service: BeamFnLogging,
        handlers: {
          logging: (call: ServerDuplexStream<LogEntry_List, never>) => {
            call.on('data', ({ logEntries }: LogEntry_List) => this.logs.push(...logEntries));
            call.on('error', () => undefined);
            call.on('end', () => call.end());
          },
        },
      },
      {
        service: BeamFnWorkerStatus,
        handlers: {
          workerStatus: (call: ServerDuplexStream<WorkerStatusResponse, WorkerStatusRequest>) => {
            this.#status = call;
            call.on('data', ({ statusInfo }: WorkerStatusResponse) => this.statuses.push(statusInfo));
            call.on('error', () => undefined);
            call.on('end', () => call.end());
          },
        },
      },
      {
        service: ProvisionService,
        handlers: {
          getProvisionInfo: (_call: unknown, answer: (error: null, value: unknown) => void) =>
            answer(null, create(GetProvisionInfoResponseSchema, { info: this.#info() })),
        },
      },
      {
        service: ArtifactRetrievalService,
        handlers: {
          resolveArtifacts: (
            call: { request: { artifacts: ArtifactInformation[] } },
            answer: (error: null, value: unknown) => void,
          ) => answer(null, create(ResolveArtifactsResponseSchema, { replacements: call.request.artifacts })),
          getArtifact: (call: ServerWritableStream<GetArtifactRequest, GetArtifactResponse>) => {
            const key = Buffer.from(call.request.artifact?.typePayload ?? []).toString('latin1');
            this.fetched.push(key);
            const bytes = this.#job.artifacts?.get(key) ?? new Uint8Array();
            for (let at = 0; at < bytes.length; at += 1000) {
              call.write(create(GetArtifactResponseSchema, { data: bytes.subarray(at, at + 1000) }));
            }
            call.end();
          },
        },
      },
    ];
  }

  #info(): MessageInitShape<typeof ProvisionInfoSchema> {
    const endpoint = { url: this.url };
    return {
      controlEndpoint: endpoint,
      loggingEndpoint: endpoint,
      artifactEndpoint: endpoint,
      statusEndpoint: endpoint,
      ...this.#job.info,
    };
  }

  /** One source, one sink, and the state service. */
  #descriptor(id: string) {
    const port = toBinary(
      RemoteGrpcPortSchema,
      create(RemoteGrpcPortSchema, { apiServiceDescriptor: { url: this.url } }),
    );
    return create(ProcessBundleDescriptorSchema, {
      id,
      transforms: {
        source: { spec: { urn: 'beam:runner:source:v1', payload: port }, outputs: { out: 'pc' } },
        sink: { spec: { urn: 'beam:runner:sink:v1', payload: port }, inputs: { in: 'pc' } },
      },
      stateApiServiceDescriptor: { url: this.url },
    });
  }
}

function withResolvers(): Answers {
  let resolve: Answers['resolve'] = () => undefined;
  const promise = new Promise<InstructionResponse>((settle) => (resolve = settle));
  return { promise, resolve };
}
