/** Pipelines, coders, environments: beam_runner_api.proto. @module */
export * from './gen/org/apache/beam/model/pipeline/v1/beam_runner_api_pb.ts';
