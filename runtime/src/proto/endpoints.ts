/** Where a service listens: endpoints.proto. @module */
export * from './gen/org/apache/beam/model/pipeline/v1/endpoints_pb.ts';
