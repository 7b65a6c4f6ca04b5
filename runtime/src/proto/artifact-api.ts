/** Staging and fetching of artifacts: beam_artifact_api.proto. @module */
export * from './gen/org/apache/beam/model/job_management/v1/beam_artifact_api_pb.ts';
