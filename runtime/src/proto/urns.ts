/** The URNs of all standard transforms, coders, environments and metrics. @module */
export * from './gen/urns.ts';
