/** Bytes that grow at their end. */
export class OutputBytes {}
