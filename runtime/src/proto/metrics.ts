/** Monitoring infos: metrics.proto. @module */
export * from './gen/org/apache/beam/model/pipeline/v1/metrics_pb.ts';
