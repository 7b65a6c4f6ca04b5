/** Sources and sinks, as users write them: `beam.io.readFromText('data/*.txt')`. */
export { readFromText, type ReadFromTextOptions } from './read-from-text.ts';
export { watchText, type WatchTextOptions } from './watch-text.ts';
export { writeToText, type WriteToTextOptions } from './write-to-text.ts';
export { registerFileSystem } from './file-systems.ts';
export type { FileMetadata, FileSystem } from './file-system.ts';
export type { CompressionOption } from './compression.ts';
export type { WriteFilesOptions } from './write-files.ts';
