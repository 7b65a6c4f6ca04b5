import { PROTOCOL_VERSION, type KernelInfoReply } from '../../protocol/index.ts';
import { VERSION } from '../version.ts';
import { TYPESCRIPT } from './language-info.ts';

/** Says who we are. It imports neither TypeScript nor the session: it is the first answer that a client waits for. */
export function kernelInfo(): KernelInfoReply {
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'millrace',
    implementation_version: VERSION,
    language_info: TYPESCRIPT,
    banner: `Millrace ${VERSION}: Apache Beam notebooks in TypeScript ${TYPESCRIPT.version}, on Node ${process.versions.node}`,
    help_links: [
      {
        text: 'Apache Beam programming guide',
        url: 'https://beam.apache.org/documentation/programming-guide/',
      },
      { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/intro.html' },
      { text: 'Node.js API', url: 'https://nodejs.org/docs/latest-v20.x/api/' },
      { text: 'Vega-Lite', url: 'https://vega.github.io/vega-lite/docs/' },
    ],
    supported_features: [],
    debugger: false,
  };
}
