import { create, toBinary } from '@bufbuild/protobuf';
import {
  ArtifactFilePayloadSchema,
  ArtifactInformationSchema,
  ArtifactStagingToRolePayloadSchema,
  type ArtifactInformation,
} from '../../proto/runner-api.ts';
import { StandardArtifacts_RolesUrn, StandardArtifacts_TypesUrn } from '../../proto/urns.ts';
import type { StagedArtifact } from '../portable-pipeline.ts';

/** A staged file as a runner is told of it: it asks for its bytes, and workers find it under its name. */
export function artifactInformation({ name, sha256, content }: StagedArtifact): ArtifactInformation {
  const path = 'path' in content ? content.path : name;
  return create(ArtifactInformationSchema, {
    typeUrn: StandardArtifacts_TypesUrn.FILE,
    typePayload: toBinary(ArtifactFilePayloadSchema, create(ArtifactFilePayloadSchema, { path, sha256 })),
    roleUrn: StandardArtifacts_RolesUrn.STAGING_TO,
    rolePayload: toBinary(
      ArtifactStagingToRolePayloadSchema,
      create(ArtifactStagingToRolePayloadSchema, { stagedName: name }),
    ),
  });
}
