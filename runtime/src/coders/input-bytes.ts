/** Bytes that are read from their start on. */
export class InputBytes {}
