/** Rows and their types: schema.proto. @module */
export * from './gen/org/apache/beam/model/pipeline/v1/schema_pb.ts';
