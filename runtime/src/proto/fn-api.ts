/** What a runner and a worker say to each other: beam_fn_api.proto. @module */
export * from './gen/org/apache/beam/model/fn_execution/v1/beam_fn_api_pb.ts';
