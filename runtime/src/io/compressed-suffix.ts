/** Of compressed formats that Beam SDKs know by suffix. */
const SUFFIXES = ['.bz2', '.deflate', '.gz', '.lzma', '.lzo', '.snappy', '.xz', '.zip', '.zst'];

/** The suffix of a compressed file's name, in lower case: ".gz"; undefined for any other name. */
export function compressedSuffix(path: string): string | undefined {
  return SUFFIXES.find((suffix) => path.toLowerCase().endsWith(suffix));
}
