/** Payloads of the standard window functions: standard_window_fns.proto. @module */
export * from './gen/org/apache/beam/model/pipeline/v1/standard_window_fns_pb.ts';
