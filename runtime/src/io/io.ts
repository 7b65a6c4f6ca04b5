/** Sources and sinks, as users write them: `beam.io.readFromText('data/*.txt')`. */
export { readFromText, type ReadFromTextOptions } from './read-from-text.ts';
export { watchText, type WatchTextOptions } from './watch-text.ts';
export { writeToText, type WriteToTextOptions } from './write-to-text.ts';
export { registerFileSystem } from './file-systems.ts';
export type { FileMetadata, FileSystem } from './file-system.ts';
export type { CompressionOption } from './compression.ts';
export type { WriteFilesOptions } from './write-files.ts';
export { readFromCsv, type ReadFromCsvOptions } from './read-from-csv.ts';
export { writeToCsv, type WriteToCsvOptions } from './write-to-csv.ts';
export { readFromParquet, type ReadFromParquetOptions } from './read-from-parquet.ts';
export { writeToParquet, type WriteToParquetOptions } from './write-to-parquet.ts';
export { readFromJson, type ReadFromJsonOptions } from './read-from-json.ts';
export { writeToJson, type WriteToJsonOptions } from './write-to-json.ts';
export { matchFiles, readFiles, type ReadableFile } from './match-files.ts';
export { readFromAvro } from './read-from-avro.ts';
export { writeToAvro, type WriteToAvroOptions } from './write-to-avro.ts';
