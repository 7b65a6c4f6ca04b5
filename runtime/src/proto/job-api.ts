/** Jobs: beam_job_api.proto. @module */
export * from './gen/org/apache/beam/model/job_management/v1/beam_job_api_pb.ts';
