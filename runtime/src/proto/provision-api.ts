/** What a worker is told of its job: beam_provision_api.proto. @module */
export * from './gen/org/apache/beam/model/fn_execution/v1/beam_provision_api_pb.ts';
